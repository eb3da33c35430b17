"""E-mail about referrals: plain and HTML, with an id that a repeat keeps, and nothing about the person."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate
from html import escape
from urllib.parse import urlsplit

from bot.errors import BadSetting
from bot.ports import Outbound
from bot.ports.channels import Blocked, NotServed

NAME = "mail"
"""The channel's name in addresses."""

SECONDS = 30.0
USUAL_PORTS = {"smtps": 465, "smtp": 587, "smtp+plain": 25}
FOR_GOOD = 500  # from this code on, the server will never take it


@dataclass(frozen=True, slots=True)
class MailOptions:
    """What the channel is told. `server`: a URL, `smtps` for TLS, `smtp` for STARTTLS, `smtp+plain` for none."""

    server: str
    sender: str
    user: str | None = None
    password: str | None = None


class Mailer:
    """Sends e-mails. Raises `BadSetting` where the extra `mail` is not installed."""

    def __init__(self, options: MailOptions) -> None:
        try:
            import aiosmtplib
        except ImportError:
            raise BadSetting("PRESCREEN_SMTP: install the extra `mail` to send e-mails: prescreen-bot[mail].") from None
        self._smtp = aiosmtplib
        self._options = options

    async def send(self, outbound: Outbound) -> None:
        """Send one. Raises `Blocked` where the server refuses the address for good, `NotServed`, or the library's own errors."""
        options, parts = self._options, urlsplit(self._options.server)
        try:
            await self._smtp.send(
                compose(outbound, options.sender),
                hostname=parts.hostname,
                port=parts.port or USUAL_PORTS[parts.scheme],
                username=options.user,
                password=options.password,
                use_tls=parts.scheme == "smtps",
                start_tls=parts.scheme == "smtp",
                timeout=SECONDS,
            )
        except self._smtp.SMTPRecipientsRefused as error:
            if all(each.code >= FOR_GOOD for each in error.recipients):
                raise Blocked from None
            raise
        except OSError:
            raise NotServed from None  # all addresses have one server: it is away, or breaks off at this one e-mail


def compose(outbound: Outbound, sender: str) -> EmailMessage:
    """The e-mail. Its id is made of the referral, the place in the outbox and the address: a repeat has the same one."""
    message, event = outbound.message, outbound.message.event
    to, text = outbound.address.chat, outbound.message.text or ""
    place = hashlib.sha256(f"{to}/{outbound.number}".encode()).hexdigest()[:16]
    mail = EmailMessage()
    mail["From"] = sender
    mail["To"] = to
    mail["Subject"] = str(event["subject"])
    mail["Date"] = formatdate(usegmt=True)
    mail["Message-ID"] = f"<{event['reference']}.{place}@{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(text)
    paragraphs = "".join(f"<p>{escape(line)}</p>" for line in text.splitlines())
    language = message.locale.replace("_", "-")
    mail.add_alternative(f'<html lang="{language}"><body>{paragraphs}</body></html>', subtype="html")
    return mail
