"""Vietnamese that a scanner or an input method broke on the way, and how much of it can be mended.

A USB scanner is a keyboard. Depending on its mode and on the input method (Unikey, EVKey) a name arrives as
decomposed letters, as UTF-8 read in a Western code page, as the keystrokes of Telex or VNI, in swapped case
(Caps Lock), or with the accented letters lost. The first four are mended here; the last is pointed at.
"""

from __future__ import annotations

import re
import unicodedata

from motcua.kernel.text import fold, nfc

_ONSET = "ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|b|c|d|đ|g|h|k|l|m|n|p|q|r|s|t|v|x"
_SYLLABLE = re.compile(rf"(?:{_ONSET})?[aeiouy]{{1,3}}(?:ch|ng|nh|c|m|n|p|t)?")
_TELEX_TONES = {"s": "\u0301", "f": "\u0300", "r": "\u0309", "x": "\u0303", "j": "\u0323"}
_VNI_TONES = {"1": "\u0301", "2": "\u0300", "3": "\u0309", "4": "\u0303", "5": "\u0323"}
_CIRCUMFLEX, _BREVE, _HORN = "\u0302", "\u0306", "\u031b"
_VOWELS = "aeiouyAEIOUY"
_LOST = re.compile(r"[?\ufffd\u25a1]")
_WORD_EDGE = re.compile(r"[\s,./()-]+|[^\s,./()-]+")


def mend(text: str) -> tuple[str, bool]:
    """The text with what can be mended mended, composed (NFC), and whether anything was mended."""
    plain = nfc(text)
    mended = _from_keystrokes(plain)
    return mended, mended != plain


def is_broken(text: str) -> bool:
    """Whether letters were lost or replaced by ones Vietnamese does not have: only a person can tell."""
    return bool(_LOST.search(text)) or any(char.isalpha() and not _is_vietnamese(char) for char in text)


def name_case(text: str) -> str:
    """A name in capitals, or in the swapped case of Caps Lock, as names are written: `Nguyễn Văn An`."""
    words = text.split()
    if not words:
        return ""
    if text.isupper() or text.islower() or all(_is_swapped(word) for word in words):
        return " ".join(word[:1].upper() + word[1:].lower() for word in words)
    return text


def address_case(text: str) -> str:
    """An address wholly or partly in capitals (`TỈNH BẮC NINH`) as addresses are written.

    Only whole parts between commas are lowered, so that `TDP số 2` keeps its abbreviation.
    """
    if text and all(_is_swapped(word) or not word.isalpha() for word in text.split()):
        text = text.swapcase()
    parts = [part.strip() for part in text.split(",")]
    return ", ".join(name_case(part) if part.isupper() and " " in part else part for part in parts if part)


def _is_swapped(word: str) -> bool:
    return len(word) > 1 and word[:1].islower() and word[1:].isupper()


def _is_vietnamese(char: str) -> bool:
    base = unicodedata.normalize("NFD", char)
    return base[0].lower() in "abcdeghiklmnopqrstuvxyđfjwz" and all(
        mark in "\u0301\u0300\u0309\u0303\u0323\u0302\u0306\u031b" for mark in base[1:]
    )


def from_western(text: str) -> str:
    """`Nguyá»…n` back to `Nguyễn`: UTF-8 bytes that were shown as a Western code page, else as it is.

    To be called before control characters are dropped: some of the bytes look like them.
    """
    if text.isascii():
        return text
    try:
        return b"".join(_western_byte(char) for char in text).decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return text


def _western_byte(char: str) -> bytes:
    try:
        return char.encode("cp1252")
    except UnicodeEncodeError:
        return char.encode("latin-1")


def _from_keystrokes(text: str) -> str:
    """Words that are no Vietnamese syllables as typed, but are when read as Telex or VNI keystrokes."""
    if not text.isascii():
        return text
    return "".join(_decoded_word(part) for part in _WORD_EDGE.findall(text))


def _decoded_word(word: str) -> str:
    if _is_syllable(word) or not word[:1].isalpha():
        return word
    for decode in (_telex, _vni):
        decoded = decode(word)
        if decoded != word and _is_syllable(decoded):
            return decoded
    return word


def _is_syllable(word: str) -> bool:
    return bool(_SYLLABLE.fullmatch(fold(word))) and word.isalpha()


def _telex(word: str) -> str:
    tone, letters = "", ""
    for char in word:
        low = char.lower()
        if low in _TELEX_TONES and _has_vowel(letters) and not tone:
            tone = _TELEX_TONES[low]
        elif low == "w" and _hook(letters) is not None:
            letters = _hook(letters) or letters
        elif low in "aeod" and letters[-1:].lower() == low:
            letters = letters[:-1] + _doubled(letters[-1])
        else:
            letters += char
    return _with_tone(letters, tone)


def _vni(word: str) -> str:
    tone, letters = "", ""
    for char in word:
        if char in _VNI_TONES and _has_vowel(letters):
            tone = _VNI_TONES[char]
        elif char == "6" and _has_vowel(letters):
            letters = _mark_last(letters, "aeo", _CIRCUMFLEX)
        elif char == "7" and _has_vowel(letters):
            letters = _hook(letters) or letters
        elif char == "8" and _has_vowel(letters):
            letters = _mark_last(letters, "a", _BREVE)
        elif char == "9" and letters.lower().endswith("d"):
            letters = letters[:-1] + _doubled(letters[-1])
        else:
            letters += char
    return _with_tone(letters, tone)


def _has_vowel(letters: str) -> bool:
    return any(char in _VOWELS for char in fold(letters))


def _doubled(letter: str) -> str:
    if letter.lower() == "d":
        return "đ" if letter == "d" else "Đ"
    return unicodedata.normalize("NFC", letter + _CIRCUMFLEX)


def _hook(letters: str) -> str | None:
    """`w` (or 7): `uo` becomes `ươ`, else the last of u, o, a takes its horn or breve."""
    at = letters.lower().rfind("uo")
    if at >= 0:
        pair = "".join(unicodedata.normalize("NFC", letter + _HORN) for letter in letters[at : at + 2])
        return letters[:at] + pair + letters[at + 2 :]
    for place in range(len(letters) - 1, -1, -1):
        if letters[place] in "uoUO":
            return _mark_at(letters, place, _HORN)
        if letters[place] in "aA":
            return _mark_at(letters, place, _BREVE)
    return None


def _mark_last(letters: str, which: str, mark: str) -> str:
    for place in range(len(letters) - 1, -1, -1):
        if letters[place].lower() in which:
            return _mark_at(letters, place, mark)
    return letters


def _mark_at(letters: str, place: int, mark: str) -> str:
    return letters[:place] + unicodedata.normalize("NFC", letters[place] + mark) + letters[place + 1 :]


def _with_tone(letters: str, tone: str) -> str:
    """The tone on the vowel that carries it: the marked one, else the last but one where the word is open."""
    if not tone:
        return letters
    start = 2 if fold(letters).startswith(("qu", "gi")) and len(fold(letters)) > 2 else 0
    vowels = [i for i in range(start, len(letters)) if fold(letters[i]) in _VOWELS]
    if not vowels:
        vowels = [i for i in range(len(letters)) if fold(letters[i]) in _VOWELS]
    if not vowels:
        return letters
    marked = [i for i in vowels if unicodedata.normalize("NFD", letters[i])[1:]]
    open_ended = vowels[-1] == len(letters) - 1
    if marked:
        place = marked[-1]
    elif len(vowels) == 1:
        place = vowels[0]
    elif len(vowels) == 2 and not open_ended:
        place = vowels[1]
    else:
        place = vowels[-2]
    return _mark_at(letters, place, tone)
