"""Text without the signs by which the templates of chat models part turns, roles, tools and thoughts.

Most model servers read such a sign as itself wherever it stands: a document with "<|im_end|>" in it could end its
message and begin another in the name of the system. With a space in it, it is words.
"""

from __future__ import annotations

import re

_NAMES = (
    r"s|bos|eos|pad|unk|mask|sop|eop|eot|eod|eoh|eoa|eom|begin_of_text|end_of_text|start_of_turn|end_of_turn"
    r"|start_of_image|end_of_image|system|user|assistant|human|bot|think|thinking|thought|reasoning|tools?|tool_calls?"
    r"|tool_responses?|tool_outputs?|function_calls?|function_response|endoftext|reserved_\d+|unused\d+|extra_id_\d+"
)
_SIGN = re.compile(
    r"[<\[](?=[|｜](?!\s)[^<>\[\]\n]{0,60}(?<!\s)[|｜][>\]])"  # <|im_end|>, <｜User｜>, [|user|]
    rf"|<(?=/?(?:{_NAMES})>)"
    r"|<(?=</?SYS>>)"
    r"|\[(?=/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_[A-Z]+|MODEL_SETTINGS|THINK|ARGS|CALL_ID|IMG(?:_[A-Z]+)?"
    r"|AUDIO|PREFIX|MIDDLE|SUFFIX|CLS|SEP|PAD|UNK|MASK|g?MASK|sMASK|BOS|EOS)\])",
    re.IGNORECASE,
)


def without_signs(text: str) -> str:
    """`text` with a space behind what opens a sign of a model's template."""
    return _SIGN.sub(lambda opening: f"{opening[0]} ", text)
