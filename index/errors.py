"""Everything that can go wrong in a way a person can mend: a sentence and a remedy.

UserError
├── SettingsError      a setting is unknown, out of bounds or contradictory
├── DocumentsError     the document folder is missing, unreadable or empty
├── IndexMissing       nothing has been published yet
├── IndexDamaged       a published generation does not pass its checks
├── BuildRunning       another build holds the lock (exit 75)
├── BuildRefused       a build would harm what is published, or cannot be done safely here
├── BuildStopped       a build in a process of its own ended before it was done
├── EncoderError       the encoder's files are missing, altered or of an unsafe kind
├── ModelError         the language model cannot be used or did not answer
├── QuestionError      the question cannot be asked as it stands (exit 2)
├── AccessError        whoever asks may not do this
│   ├── SignatureError a request is not signed as it must be
│   └── TokenError     a token or session is missing, wrong or of another user
├── LimitError         too much was asked at once or in a short time
├── FeedbackError      feedback cannot be kept or read
└── ServerError        the server cannot start

Caught only at the doors (command line, HTTP, chat).
"""

from __future__ import annotations


class UserError(Exception):
    """An error to show as it is: `message` says what is wrong, `hint` what to do about it."""

    exit_code = 1

    def __init__(self, message: str, *, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class SettingsError(UserError):
    """A setting is unknown, out of bounds or contradictory."""


class DocumentsError(UserError):
    """The document folder is missing, unreadable or holds no document."""


class IndexMissing(UserError):
    """There is no published generation to read."""


class IndexDamaged(UserError):
    """A published generation does not pass its checks."""


class BuildRunning(UserError):
    """Another process is building this index."""

    exit_code = 75


class BuildRefused(UserError):
    """A build would harm what is published, or cannot be done safely on this disk."""


class BuildStopped(UserError):
    """A build in a process of its own ended before it was done; nothing was published."""


class EncoderError(UserError):
    """The encoder cannot be loaded safely."""


class ModelError(UserError):
    """The language model cannot be used, or did not answer as it must.

    `message` is for whoever asks, and names no address; `hint` for whoever runs the assistant.
    """


class QuestionError(UserError):
    """The question is empty, too long or has no words."""

    exit_code = 2


class AccessError(UserError):
    """Whoever asks may not do this."""


class SignatureError(AccessError):
    """A request is not signed as it must be: not at all, wrongly, too long ago or not for the first time."""


class TokenError(AccessError):
    """There is no token or session where one is needed, or it is wrong, too old, used before or of somebody else."""


class LimitError(UserError):
    """Too much was asked in a short time or at once. `seconds` tells when to try again."""

    def __init__(self, message: str, *, hint: str, seconds: int) -> None:
        super().__init__(message, hint=hint)
        self.seconds = seconds


class FeedbackError(UserError):
    """Feedback cannot be kept or read, as on a full disk."""


class ServerError(UserError):
    """The server cannot start, as when its port is taken."""
