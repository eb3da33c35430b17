"""Encryption of single fields."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ports.storage import Tampered
from bot.storage.cipher import NONCE_BYTES, FieldCipher

KEY = bytes(range(32))


@given(st.binary(), st.binary())
def test_a_field_comes_back_as_it_was(plain: bytes, context: bytes) -> None:
    """Sealed and opened in its place it is the same."""
    cipher = FieldCipher(KEY)
    assert cipher.decrypt(cipher.encrypt(plain, context), context) == plain


@given(st.binary(min_size=1), st.data())
def test_any_changed_bit_is_noticed(plain: bytes, data: st.DataObject) -> None:
    """No altered field is opened, wherever it was altered."""
    cipher = FieldCipher(KEY)
    sealed = bytearray(cipher.encrypt(plain, b"place"))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(Tampered):
        cipher.decrypt(bytes(sealed), b"place")


@pytest.mark.parametrize("sealed", [b"", b"\x01", b"\x01" + bytes(12), b"\x02" + bytes(40)])
def test_what_was_never_sealed_is_noticed(sealed: bytes) -> None:
    """Neither nothing, nor a piece, nor another format is opened."""
    with pytest.raises(Tampered):
        FieldCipher(KEY).decrypt(sealed, b"place")


def test_a_field_opens_in_its_own_place_and_with_its_own_key_alone() -> None:
    """Moved to another row, or read with another key, it is not opened."""
    sealed = FieldCipher(KEY).encrypt(b"92 g/L", b"ana")
    for cipher, context in ((FieldCipher(KEY), b"ben"), (FieldCipher(bytes(32)), b"ana")):
        with pytest.raises(Tampered):
            cipher.decrypt(sealed, context)


def test_the_same_field_is_never_sealed_alike() -> None:
    """Equal answers cannot be told by their ciphertexts."""
    cipher = FieldCipher(KEY)
    assert len({cipher.encrypt(b"yes", b"place") for _ in range(100)}) == 100


def test_fields_that_are_sealed_together_are_sealed_each_for_itself() -> None:
    """Each opens in its own place alone, and none is sealed with the nonce of another; for no fields nothing is drawn."""
    cipher = FieldCipher(KEY)
    fields = [(b"yes", f"place{number}".encode()) for number in range(100)]
    sealed = cipher.encrypt_all(fields)
    assert [cipher.decrypt(each, place) for each, (_, place) in zip(sealed, fields, strict=True)] == [b"yes"] * 100
    assert len({each[1 : 1 + NONCE_BYTES] for each in sealed}) == 100
    with pytest.raises(Tampered):
        cipher.decrypt(sealed[0], fields[1][1])
    assert cipher.encrypt_all([]) == []
