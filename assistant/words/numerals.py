"""Numbers in words, in English, German, Spanish and French; not Spanish "once", which is a word of English too."""

from __future__ import annotations

_WORDED = (
    "one ein eine eins uno una un une",
    "two second zwei zweite zweiten dos deux",
    "three third drei dritte dritten tres trois",
    "four fourth vier cuatro quatre",
    "five fifth fünf cinco cinq",
    "six sixth sechs seis",
    "seven seventh sieben siete sept",
    "eight eighth acht ocho huit",
    "nine ninth neun nueve neuf",
    "ten tenth zehn diez dix",
    "eleven eleventh elf onze",
    "twelve twelfth zwölf doce douze",
    "thirteen thirteenth dreizehn trece treize",
    "fourteen fourteenth vierzehn catorce quatorze",
    "fifteen fifteenth fünfzehn quince quinze",
    "sixteen sixteenth sechzehn dieciséis seize",
    "seventeen seventeenth siebzehn diecisiete",
    "eighteen eighteenth achtzehn dieciocho",
    "nineteen nineteenth neunzehn diecinueve",
)
ENGLISH = tuple(words.split()[0] for words in _WORDED)
"""The English words from "one" to "nineteen"."""
SMALL = {word: number for number, words in enumerate(_WORDED, 1) for word in words.split()}
"""For a word the number from one to nineteen that it says."""
TENS = {
    word: 10 * number
    for number, words in enumerate(
        (
            "twenty twentieth zwanzig veinte vingt",
            "thirty thirtieth dreißig treinta trente",
            "forty fortieth vierzig cuarenta quarante",
            "fifty fiftieth fünfzig cincuenta cinquante",
            "sixty sixtieth sechzig sesenta soixante",
            "seventy siebzig setenta",
            "eighty achtzig ochenta",
            "ninety neunzig noventa",
        ),
        2,
    )
    for word in words.split()
}
"""The same of the tens."""
SCALES = {
    word: 10**power
    for power, words in {
        2: "hundred hundert cien cent",
        3: "thousand tausend mil mille k",
        6: "million millions millionen mio millón millones m mn",
        9: "billion billions bn milliarde milliarden mrd milliard milliards",
        12: "trillion trillions",
    }.items()
    for word in words.split()
}
"""The words that stand for powers of ten, and how much they are."""
