"""Slips of the pen and of the keyboard: what a folded word may have been meant to be. Pure text.

Vietnamese is typed with extra letters or digits that an input method turns into marks; where none was
running they stay behind: "Hoafn Kieems" (telex) and "Hoa2n Kie61m" (VNI) are both Hoàn Kiếm.
"""

import re

_TELEX_VOWEL = re.compile(r"(?:aa|ee|oo|aw|ow|uw|[aeiouy])")
_TELEX_WORD = re.compile(r"^[a-z]{2,8}$")
_TELEX_TONE = re.compile(r"(?<=[aeiouywcghmnpt])[sfrxj]$|(?<=[aeiouyw])[sfrxj](?=[aeiouycghmnpt])")
_VNI_WORD = re.compile(r"^(?=.*[a-z][0-9])[a-z][a-z0-9]*$")
# "d9" and "a6" are letters with marks; "b2" is block 2
_VNI_MARK = re.compile(r"(?<=[aeiouydcghmnpt])[0-9]+")
_SYLLABLE = re.compile(
    "^(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnprstvx])?[aeiouy]{1,3}(?:ng|nh|ch|[cmnpt])?$"
)
# letters of a compact name -> edits that may be slips
_ALLOWANCES = ((5, 0), (9, 1), (15, 2))
_MOST_EDITS = 3
# "Đắc Lắc" and "Đắk Lắk", "Qui" and "Quy" are one name to many
_SOUNDING_ALIKE = str.maketrans("ky", "ci")


def without_input_marks(folded: str) -> str:
    """The words with what an input method left behind taken out; the text itself where nothing was."""
    return " ".join(_unmarked(word) for word in folded.split())


def _unmarked(word: str) -> str:
    if _VNI_WORD.match(word) and _is_syllable(bare := _VNI_MARK.sub("", word)):
        return bare
    if not _TELEX_WORD.match(word) or _is_syllable(word):
        return word
    bare = _TELEX_TONE.sub("", word, count=1)
    bare = re.sub(r"dd", "d", re.sub(r"([aeo])\1", r"\1", bare))
    bare = re.sub(r"(?<=[aou])w", "", bare).replace("w", "u")
    return bare if _is_syllable(bare) else word


def _is_syllable(word: str) -> bool:
    """Whether the word has the form of a Vietnamese syllable without marks."""
    return bool(_SYLLABLE.match(word)) and not re.search(r"([aeiouy])\1", word)


def allowance(name: str) -> int:
    """How many slips a name of that length bears before it is another name."""
    length = len(name.replace(" ", ""))
    return next((edits for longest, edits in _ALLOWANCES if length < longest), _MOST_EDITS)


def slips(typed: str, name: str) -> int | None:
    """How many letters differ, blanks aside; None where too many do, or where a figure differs.

    Two letters changed about count once. "Phường 14" is never a slip for "Phường 15".
    """
    if re.findall(r"[0-9]+", typed) != re.findall(r"[0-9]+", name):
        return None
    one, other = (text.replace(" ", "").translate(_SOUNDING_ALIKE) for text in (typed, name))
    most = min(allowance(one), allowance(other))
    if abs(len(one) - len(other)) > most or _differing_letters(one, other) > most:
        return None
    distance = _distance(one, other)
    return distance if distance <= most else None


def _differing_letters(one: str, other: str) -> int:
    """Letters of either that the other lacks: never more than the edits, and quickly counted."""
    left = list(other)
    lacking = 0
    for letter in one:
        if letter in left:
            left.remove(letter)
        else:
            lacking += 1
    return max(lacking, len(left))


def _distance(one: str, other: str) -> int:
    """Insertions, deletions, replacements and exchanges of neighbours that lead from one to the other."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        current = [row]
        for column, wanted in enumerate(other, start=1):
            cost = 0 if letter == wanted else 1
            best = min(last[column] + 1, current[-1] + 1, last[column - 1] + cost)
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == wanted:
                best = min(best, before[column - 2] + 1)
            current.append(best)
        before, last = last, current
    return last[-1]
