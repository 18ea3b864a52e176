"""English words whose forms no stemmer brings together: "wrote" and "written" are "write", "children" is "child".

Left out are forms that are words of their own more often than not: "left", "found", "saw", "bit", "leaves".
"""

from __future__ import annotations

from collections.abc import Mapping

_FORMS = """
arise arose arisen|beat beaten|become became|begin began begun|bend bent|blow blew blown|break broke broken
breed bred|bring brought|build built|buy bought|catch caught|choose chose chosen|cling clung|come came|creep crept
deal dealt|dig dug|draw drawn|drink drank drunk|drive drove driven|eat ate eaten|fall fell fallen|feed fed
feel felt|fight fought|flee fled|fly flew flown|forbid forbade forbidden|forget forgot forgotten
forgive forgave forgiven|freeze froze frozen|get got gotten|give gave given|go went gone|grow grew grown|hang hung
hear heard|hide hid hidden|hold held|keep kept|know knew known|lay laid|lead led|lend lent|lose lost|make made
mean meant|meet met|mistake mistook mistaken|oversee oversaw overseen|overtake overtook overtaken|pay paid
rebuild rebuilt|repay repaid|ride rode ridden|rise risen|run ran|say said|see seen|seek sought|sell sold|send sent
shake shook shaken|shine shone|shrink shrank shrunk|sing sang sung|sink sank sunk|sit sat|sleep slept|speak spoken
spend spent|spring sprang|stand stood|steal stole stolen|stick stuck|strike struck|swear swore sworn|sweep swept
swim swam|swing swung|take took taken|teach taught|tear torn|tell told|think thought|throw threw thrown
undergo underwent undergone|understand understood|undertake undertook undertaken|uphold upheld|wake woke woken
wear wore worn|weave wove woven|win won|withdraw withdrew withdrawn|withhold withheld|write wrote written
child children|man men|woman women|foot feet|tooth teeth|mouse mice|goose geese|wife wives|knife knives|shelf shelves
half halves|wolf wolves|thief thieves|loaf loaves|criterion criteria|phenomenon phenomena|index indices
appendix appendices|matrix matrices|curriculum curricula|bacterium bacteria
"""

BASE: Mapping[str, str] = {
    start + form: start + base
    for base, *forms in (entry.split() for entry in _FORMS.replace("\n", "|").split("|") if entry)
    for form in forms
    for start in ("", "un")  # "unpaid" denies what "paid" says
}
"""For a form the word that it is of, both without capitals."""
