"""Encryption of single fields with AES-256-GCM, each bound to its place."""

from __future__ import annotations

import base64
import binascii
import os
import secrets
from collections.abc import Sequence
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.errors import BadSetting, Mendable
from bot.ports.storage import Tampered

KEY_BYTES = 32
NONCE_BYTES = 12  # random: safe for 2^32 fields under one key
FORMAT = b"\x01"
KEY_MODE = 0o600


class FieldCipher:
    """Seals a field as format, nonce, ciphertext and tag; the context is authenticated with it."""

    def __init__(self, key: bytes) -> None:
        self._aead = AESGCM(key)

    def encrypt(self, plain: bytes, context: bytes) -> bytes:
        """The field, encrypted and authenticated."""
        return self.encrypt_all([(plain, context)])[0]

    def encrypt_all(self, fields: Sequence[tuple[bytes, bytes]]) -> list[bytes]:
        """The fields, each a plain text and its context, encrypted as by `encrypt`.

        Their nonces are drawn at once: to draw one by itself takes longer than to encrypt a field.
        """
        drawn, seal = os.urandom(NONCE_BYTES * len(fields)), self._aead.encrypt
        nonces = [drawn[start : start + NONCE_BYTES] for start in range(0, len(drawn), NONCE_BYTES)]
        return [
            FORMAT + nonce + seal(nonce, plain, context) for nonce, (plain, context) in zip(nonces, fields, strict=True)
        ]

    def decrypt(self, sealed: bytes, context: bytes) -> bytes:
        """The field, as it was. Raises `Tampered` where it was altered or moved, or the key is another."""
        if not sealed.startswith(FORMAT):
            raise Tampered
        nonce, body = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        try:
            return self._aead.decrypt(nonce, body, context)
        except (InvalidTag, ValueError):
            raise Tampered from None


def read_key(text: str, source: str) -> bytes:
    """The key written in base64. Raises `BadSetting` naming its `source`."""
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise BadSetting(f"{source} is no key: give 32 random bytes in base64, as from `openssl rand -base64 32`.")
    return key


def key_beside(database: Path) -> Path:
    """Where the key of an SQLite file is kept if none is given."""
    return database.with_name(database.name + ".key")


def load_or_make_key(path: Path, database: Path) -> bytes:
    """The key in the file; a new one where there is no database yet. Raises `Mendable` where the key was lost."""
    try:
        return read_key(path.read_text(encoding="ascii"), str(path))
    except FileNotFoundError:
        pass
    if database.exists() and database.stat().st_size:
        raise Mendable(f"The key of {database} is missing: put it back as {path}, or give it in PRESCREEN_KEY.")
    return _make_key(path)


def key_in(path: Path) -> bytes:
    """The key in a file; a new one, kept there, where there is no such file. Raises `BadSetting` where it holds no key."""
    try:
        return read_key(path.read_text(encoding="ascii"), str(path))
    except FileNotFoundError:
        return _make_key(path)


def _make_key(path: Path) -> bytes:
    """A new key, kept in a file that its owner alone can read; the file's own key where another process made it first."""
    key = secrets.token_bytes(KEY_BYTES)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, KEY_MODE), "wb") as file:
        file.write(base64.b64encode(key) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        return read_key(path.read_text(encoding="ascii"), str(path))
    finally:
        draft.unlink()
    return key
