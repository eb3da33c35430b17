"""The settings: environment variables, or a `.env` file in the working folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import BadSetting

PREFIX = "PRESCREEN_"
TRIALS_SEPARATOR = ","


class Settings(BaseSettings):
    """All settings, checked. The description of each is its line in the README."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=".env", env_file_encoding="utf-8", env_ignore_empty=True, extra="ignore"
    )

    database: str = Field("data/prescreen.db", description="an SQLite path or a postgresql:// URL")
    trials: Annotated[tuple[Path, ...], NoDecode] = Field((), description="more trial files, separated by commas")
    key: SecretStr | None = Field(None, description="the encryption key: 32 bytes in base64")
    key_file: Path | None = Field(None, description="a file that holds the key")
    log_level: Literal["debug", "info", "warning", "error"] = Field("warning", description="what the log tells")

    @property
    def key_text(self) -> str | None:
        """The key in base64, wherever it was given."""
        return self.key.get_secret_value() if self.key else None

    @property
    def shared_database(self) -> bool:
        """Whether several processes may deliver messages from the database: a server's, not an SQLite file."""
        return "://" in self.database

    @field_validator("trials", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return tuple(part.strip() for part in value.split(TRIALS_SEPARATOR) if part.strip())

    @field_validator("trials")
    @classmethod
    def _exist(cls, paths: tuple[Path, ...]) -> tuple[Path, ...]:
        for path in paths:
            if not path.is_file():
                raise ValueError(f"there is no file {path}")
        return paths

    @model_validator(mode="after")
    def _read_key_file(self) -> Self:
        if self.key_file is None:
            return self
        if self.key is not None:
            raise ValueError(f"give {PREFIX}KEY or {PREFIX}KEY_FILE, not both")
        try:
            self.key = SecretStr(self.key_file.read_text(encoding="ascii").strip())
        except (OSError, UnicodeDecodeError) as error:
            raise ValueError(f"{PREFIX}KEY_FILE cannot be read: {self.key_file}") from error
        return self


def load_settings(**given: object) -> Settings:
    """The settings; what is given here goes before the environment. Raises `BadSetting` naming the wrong one."""
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = f"{PREFIX}{str(first['loc'][0]).upper()}: " if first["loc"] else ""
        raise BadSetting(f"{name}{first['msg'].removeprefix('Value error, ')}.") from None
