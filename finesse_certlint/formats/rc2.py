"""RC2 (RFC 2268), to read what is encrypted with it; nothing is ever encrypted here.

keytool up to Java 8 and OpenSSL up to 1.1 encrypt the certificates in a PKCS#12 with RC2 under a key of 40 bits. It is
long broken, and pyca offers RC2 with 128 bits only.
"""

import struct

# RFC 2268 section 2: "a 'random' permutation ... derived from the digits of pi".
_PI = bytes.fromhex(
    "d978f9c419ddb5ed28e9fd794aa0d89dc67e37832b76538e624c6488448bfba2"
    "179a59f587b34f1361456d8d09817d32bd8f40eb86b77b0bf09521225c6b4e82"
    "54d66593ce60b21c7356c014a78cf1dc1275ca1f3bbee4d1423dd430a33cb626"
    "6fbf0eda4669075727f21d9bbc944303f811c7f690ef3ee706c3d52fc8661ed7"
    "08e8eade8052eef784aa72ac354d6a2a961ad2715a1549744b9fd05e0418a4ec"
    "c2e0416e0f51cbcc2491af50a1f47039997c3a8523b8b47afc02365b25559731"
    "2d5dfa98e38a92ae05df2910676cbac9d300e6cfe19ea82c6316013f58e289a9"
    "0d38341bab33ffb0bb480c5fb9b1cd2ec5f3db47e5a59c770aa62068fe7fc1ad"
)
_TURNS = (1, 2, 3, 5)
BLOCK = 8


def decrypt_cbc(key: bytes, bits: int, iv: bytes, secret: bytes) -> bytes:
    """Take off RC2 in the mode CBC.

    :param key: the key, of 1 to 128 bytes.
    :param bits: how many bits of it are effective.
    :param iv: the initialization vector, of 8 bytes.
    :param secret: a whole number of blocks of 8 bytes.
    :returns: the clear bytes, with the padding still behind them.
    """
    words = _expanded(key, bits)
    out = bytearray()
    for at in range(0, len(secret), BLOCK):
        block = secret[at : at + BLOCK]
        clear = decrypt_block(words, block)
        out += (int.from_bytes(clear, "big") ^ int.from_bytes(iv, "big")).to_bytes(BLOCK, "big")
        iv = block
    return bytes(out)


def _expanded(key: bytes, bits: int) -> tuple[int, ...]:
    """RFC 2268 section 2."""
    buffer = list(key)
    for at in range(len(key), 128):
        buffer.append(_PI[(buffer[at - 1] + buffer[at - len(key)]) & 0xFF])
    size = (bits + 7) // 8
    buffer[128 - size] = _PI[buffer[128 - size] & (0xFF >> (8 * size - bits))]
    for at in range(127 - size, -1, -1):
        buffer[at] = _PI[buffer[at + 1] ^ buffer[at + size]]
    return struct.unpack("<64H", bytes(buffer))


def decrypt_block(words: tuple[int, ...], block: bytes) -> bytes:
    """RFC 2268 section 4: five rounds, a mash, six rounds, a mash, five rounds."""
    state = list(struct.unpack("<4H", block))
    next_word = 63
    for rounds in (5, 6, 5):
        if next_word < 63:
            for at in (3, 2, 1, 0):
                state[at] = (state[at] - words[state[at - 1] & 63]) & 0xFFFF
        for _ in range(rounds):
            for at in (3, 2, 1, 0):
                turned = state[at] >> _TURNS[at] | state[at] << 16 - _TURNS[at] & 0xFFFF
                mixed = (state[at - 1] & state[at - 2]) + (~state[at - 1] & state[at - 3])
                state[at] = (turned - words[next_word] - mixed) & 0xFFFF
                next_word -= 1
    return struct.pack("<4H", *state)
