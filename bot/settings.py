"""The settings: environment variables, or a `.env` file in the working folder."""

from __future__ import annotations

import re
from datetime import time, timedelta
from ipaddress import ip_network
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import BadSetting
from bot.flows.patience import Patience
from bot.services.accounts import Hours
from bot.services.retention import Ages

PREFIX = "PRESCREEN_"
SEPARATOR = ","
NONE = "none"
LAST_PORT = 65_535
LONGEST_WAIT_HOURS = 366 * 24.0
ORIGIN = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?")
SECRETS = ("key", "telegram_token", "telegram_secret", "smtp_password", "webhook_secret")
"""The settings that may be given as a file instead, in a setting of the same name with `_FILE`."""

SMTP_SCHEMES = ("smtps", "smtp", "smtp+plain")

_ADDRESS = re.compile(r"[^\s@<>,;]{1,64}@[A-Za-z0-9.-]{1,190}")
_SIGNING_SECRET = re.compile(r"whsec_[A-Za-z0-9+/]{32,86}={0,2}")
_QUIET_HOURS = re.compile(r"([01]?[0-9]|2[0-3])-([01]?[0-9]|2[0-3])")
_TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")
_WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{43,256}")  # 32 random bytes take 43 characters of this alphabet


class Settings(BaseSettings):
    """All settings, checked. The description of each is its line in the README."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=".env", env_file_encoding="utf-8", env_ignore_empty=True, extra="ignore"
    )

    database: str = Field("data/prescreen.db", description="an SQLite path or a postgresql:// URL")
    trials: Annotated[tuple[Path, ...], NoDecode] = Field((), description="more trial files, separated by commas")
    sites: Path | None = Field(None, description="a file of the sites and whom they want told of a referral")
    handoff_hours: float = Field(
        2, gt=0, le=1000, description="office hours in which a referral should be claimed before its site is reminded"
    )
    smtp: str | None = Field(
        None,
        description="the mail server: smtps://host:465, smtp://host:587 (STARTTLS), or smtp+plain:// on one machine",
    )
    smtp_user: str | None = Field(None, description="the user at the mail server, if it wants one")
    smtp_password: SecretStr | None = Field(None, description="that user's password")
    smtp_password_file: Path | None = Field(None, description="a file that holds the password")
    mail_from: str | None = Field(None, description="the address that e-mails to sites come from")
    webhook_secret: SecretStr | None = Field(
        None, description="signs what webhooks of sites get: whsec_ and 24 to 64 bytes in base64"
    )
    webhook_secret_file: Path | None = Field(None, description="a file that holds that secret")
    key: SecretStr | None = Field(None, description="the encryption key: 32 bytes in base64")
    key_file: Path | None = Field(None, description="a file that holds the key")
    takeover_seconds: float = Field(
        30,
        ge=0.1,
        le=3600,
        description="how long a process may be silent before others on its database say its messages",
    )
    reminders: Annotated[tuple[float, ...], NoDecode] = Field(
        (24, 72), description="hours of silence after which a person is reminded, separated by commas; `none` for never"
    )
    expiry_days: int = Field(
        30,
        ge=1,
        le=3650,
        description="days of silence after which a conversation is erased, unless a request of it is open",
    )
    keep_conversations: int = Field(
        90, ge=1, le=36_500, description="days after a person's last word after which their answers are deleted"
    )
    keep_referrals: int = Field(
        180,
        ge=1,
        le=36_500,
        description="days after a referral has ended after which the person's data in it is deleted",
    )
    keep_journal: int = Field(
        365, ge=1, le=36_500, description="days after which entries of the journal and dead letters are deleted"
    )
    keep_ids: int = Field(
        400, ge=1, le=36_500, description="days after which ids of messages are deleted; no fewer than KEEP_JOURNAL"
    )
    keep_bench: int = Field(
        30, ge=1, le=3650, description="days without a step after which a candidate leaves the bench of site staff"
    )
    quiet_hours: Annotated[tuple[int, int], NoDecode] = Field(
        (21, 8), description="hours at the sites in which nobody is reminded, such as 21-8; `none` for none"
    )
    web: str = Field(
        "127.0.0.1:8080", description="where the web chat listens: host:port; without it, no web chat beside Telegram"
    )
    web_url: str | None = Field(
        None,
        description="where people reach the web pages, such as https://prescreen.example; the links to sign in use it",
    )
    desk_idle_minutes: int = Field(
        30, ge=1, le=720, description="minutes without a sign of life that end a session at the desk"
    )
    desk_hours: int = Field(12, ge=1, le=72, description="hours after which a session at the desk ends in any case")
    embed_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="sites whose pages may hold the web chat in a frame, such as https://clinic.example"
    )
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="addresses or networks of the proxies whose forwarded headers count"
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("warning", description="what the log tells")
    telegram_token: SecretStr | None = Field(
        None, validation_alias="TELEGRAM_BOT_TOKEN", description="the Telegram bot's token, from @BotFather"
    )
    telegram_token_file: Path | None = Field(
        None, validation_alias="TELEGRAM_BOT_TOKEN_FILE", description="a file that holds the token"
    )
    telegram_api: str = Field(
        "https://api.telegram.org/bot", description="the Bot API server: the URL that the token is appended to"
    )
    telegram_webhook: str | None = Field(None, description="the public URL for updates; they are polled without it")
    telegram_secret: SecretStr | None = Field(
        None, description="the webhook's secret: 43 to 256 of A-Z, a-z, 0-9, _ and -; made at each start without it"
    )
    telegram_secret_file: Path | None = Field(None, description="a file that holds the webhook's secret")
    telegram_proxy: str | None = Field(None, description="the URL of a proxy to reach the Bot API server by")
    telegram_rate: float = Field(30, gt=0, description="messages a second to all chats, while Telegram limits the bot")
    telegram_chat_rate: float = Field(1, gt=0, description="messages a second to one chat, likewise")
    telegram_flood: int = Field(120, ge=1, description="messages a minute from one chat; what is over is not read")

    @property
    def key_text(self) -> str | None:
        """The key in base64, wherever it was given."""
        return self.key.get_secret_value() if self.key else None

    @property
    def patience(self) -> Patience:
        """How long the bot waits for people."""
        quiet_from, quiet_until = (time(hour) for hour in self.quiet_hours)
        reminders = tuple(timedelta(hours=hours) for hours in self.reminders)
        return Patience(reminders, timedelta(days=self.expiry_days), quiet_from, quiet_until)

    @property
    def desk_sessions(self) -> Hours:
        """How long a session at the desk lasts."""
        return Hours(timedelta(minutes=self.desk_idle_minutes), timedelta(hours=self.desk_hours))

    @property
    def desk_url(self) -> str | None:
        """Where one signs in at the desk; None where no web page is served."""
        if not self.serves_web:
            return None
        return f"{(self.web_url or f'http://{self.web}').rstrip('/')}/desk/sign-in"

    @property
    def ages(self) -> Ages:
        """How old what is kept may become."""
        days = (self.keep_conversations, self.keep_referrals, self.keep_journal, self.keep_ids, self.keep_bench)
        return Ages(*(timedelta(days=each) for each in days))

    @property
    def shared_database(self) -> bool:
        """Whether several processes may deliver messages from the database: a server's, not an SQLite file."""
        return "://" in self.database

    @property
    def serves_web(self) -> bool:
        """Whether a web server is needed: it is named, a webhook needs it, or there is no other channel."""
        return "web" in self.model_fields_set or self.telegram_webhook is not None or self.telegram_token is None

    @property
    def web_address(self) -> tuple[str, int]:
        """The host and the port of the web chat."""
        host, _, port = self.web.rpartition(":")
        return host.strip("[]"), int(port)

    @field_validator("reminders", mode="before")
    @classmethod
    def _read_hours(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        try:
            return () if value.strip() == NONE else tuple(float(hours) for hours in value.split(SEPARATOR))
        except ValueError:
            raise ValueError(f"write hours separated by commas, such as 24,72, or `{NONE}`") from None

    @field_validator("reminders")
    @classmethod
    def _rise(cls, hours: tuple[float, ...]) -> tuple[float, ...]:
        if not all(before < after for before, after in pairwise((0.0, *hours, LONGEST_WAIT_HOURS))):
            raise ValueError("write hours that grow, such as 24,72, up to a year")
        return hours

    @field_validator("quiet_hours", mode="before")
    @classmethod
    def _read_quiet_hours(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        if value.strip() == NONE:
            return (0, 0)
        hours = _QUIET_HOURS.fullmatch(value.strip())
        if hours is None:
            raise ValueError(f"write two hours from 0 to 23, such as 21-8, or `{NONE}`")
        return int(hours[1]), int(hours[2])

    @field_validator("web")
    @classmethod
    def _name_an_address(cls, value: str) -> str:
        host, _, port = value.rpartition(":")
        if not host or not port.isdecimal() or int(port) > LAST_PORT:
            raise ValueError("write it as host:port, such as 127.0.0.1:8080")
        return value

    @field_validator("embed_origins")
    @classmethod
    def _name_origins(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        for origin in origins:
            if not ORIGIN.fullmatch(origin):
                raise ValueError(f"`{origin}` is no origin: write it as https://clinic.example")
        return origins

    @field_validator("trusted_proxies")
    @classmethod
    def _name_networks(cls, networks: tuple[str, ...]) -> tuple[str, ...]:
        for network in networks:
            try:
                ip_network(network, strict=False)
            except ValueError:
                raise ValueError(f"`{network}` is no address or network: write it as 10.0.0.0/8") from None
        return networks

    @field_validator("trials", "embed_origins", "trusted_proxies", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return tuple(part.strip() for part in value.split(SEPARATOR) if part.strip())

    @field_validator("trials")
    @classmethod
    def _exist(cls, paths: tuple[Path, ...]) -> tuple[Path, ...]:
        for path in paths:
            if not path.is_file():
                raise ValueError(f"there is no file {path}")
        return paths

    @field_validator("sites")
    @classmethod
    def _is_there(cls, path: Path | None) -> Path | None:
        if path is not None and not path.is_file():
            raise ValueError(f"there is no file {path}")
        return path

    @field_validator("web_url", "telegram_api", "telegram_webhook", "telegram_proxy")
    @classmethod
    def _is_url(cls, url: str | None) -> str | None:
        parts = urlsplit(url or "")
        if url is not None and not (parts.scheme in ("http", "https") and parts.hostname):
            raise ValueError("give a URL that begins with https:// (or http://)")
        return url

    @model_validator(mode="after")
    def _read_files(self) -> Self:
        for name in SECRETS:
            file: Path | None = getattr(self, f"{name}_file")
            if file is not None:
                setattr(self, name, self._read(name, file))
        return self

    def _read(self, name: str, file: Path) -> SecretStr:
        variable = variable_of(name)
        if getattr(self, name) is not None:
            raise ValueError(f"give {variable} or {variable}_FILE, not both")
        try:
            return SecretStr(file.read_text(encoding="ascii").strip())
        except (OSError, UnicodeDecodeError) as error:
            raise ValueError(f"{variable}_FILE cannot be read: {file}") from error

    @model_validator(mode="after")
    def _check_ages(self) -> Self:
        if self.keep_ids < self.keep_journal:
            raise ValueError(f"{PREFIX}KEEP_IDS must be no fewer days than {PREFIX}KEEP_JOURNAL ({self.keep_journal})")
        return self

    @model_validator(mode="after")
    def _check_notices(self) -> Self:
        parts = urlsplit(self.smtp or "")
        if self.smtp is not None and not (parts.scheme in SMTP_SCHEMES and parts.hostname):
            raise ValueError(f"{PREFIX}SMTP must be a URL such as smtps://mail.example.org:465")
        if self.smtp is not None and (self.mail_from is None or not _ADDRESS.fullmatch(self.mail_from)):
            raise ValueError(f"{PREFIX}MAIL_FROM is needed with {PREFIX}SMTP: an address such as bot@example.org")
        secret = self.webhook_secret.get_secret_value() if self.webhook_secret else None
        if secret is not None and not _SIGNING_SECRET.fullmatch(secret):
            raise ValueError(f"{PREFIX}WEBHOOK_SECRET must be whsec_ and 24 to 64 bytes in base64")
        return self

    @model_validator(mode="after")
    def _check_telegram(self) -> Self:
        token, secret = self.telegram_token, self.telegram_secret
        if token is not None and not _TOKEN.fullmatch(token.get_secret_value()):
            raise ValueError("TELEGRAM_BOT_TOKEN is no token: it looks like 123456:ABC-DEF, as @BotFather gave it")
        if secret is not None and not _WEBHOOK_SECRET.fullmatch(secret.get_secret_value()):
            raise ValueError(f"{PREFIX}TELEGRAM_SECRET must have 43 to 256 characters of A-Z, a-z, 0-9, _ and -")
        if self.telegram_webhook and self.shared_database and secret is None:
            raise ValueError(f"{PREFIX}TELEGRAM_SECRET is needed: all processes on one database share the webhook")
        return self


def variable_of(setting: str) -> str:
    """The environment variable of a setting."""
    alias = Settings.model_fields[setting].validation_alias
    return alias if isinstance(alias, str) else f"{PREFIX}{setting.upper()}"


def load_settings(**given: object) -> Settings:
    """The settings; what is given here goes before the environment. Raises `BadSetting` naming the wrong one."""
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = str(first["loc"][0]) if first["loc"] else ""
        name = f"{variable_of(place) if place in Settings.model_fields else place}: " if place else ""
        raise BadSetting(f"{name}{first['msg'].removeprefix('Value error, ')}.") from None
