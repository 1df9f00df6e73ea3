"""Reading settings from the environment, so that one refusal to start names everything that is missing or wrong."""

from collections.abc import Mapping, Sequence

from doodle_db.errors import SettingsError


class SettingsReader:
    """
    Reads settings one by one and remembers what is wrong with them; `finish` raises it all at once.

    A setting that is wrong gives a placeholder, so use nothing that was read before `finish` has returned. A variable
    that is set to nothing counts as not set: that is how compose files pass on what nobody gave. Messages show no
    values, because a value put under the wrong name may be a secret.

    >>> reader = SettingsReader({"DELTA_MIN_DOODLES": "50"})
    >>> reader.number("DELTA_MIN_DOODLES", default=200, at_least=1, at_most=1_000_000)
    50
    >>> reader.finish()
    """

    def __init__(self, environ: Mapping[str, str]) -> None:
        """
        Args:
            environ: the process's environment, or a test's own.
        """
        self._environ = environ
        self._problems: list[str] = []

    def optional_text(self, name: str) -> str | None:
        """Read a text that may be left out."""
        return self._environ.get(name) or None

    def text(self, name: str, expected: str, *, default: str | None = None) -> str:
        """
        Read a text.

        Args:
            name: of the variable.
            expected: what it should look like, for the refusal.
            default: None: it must be set.
        """
        value = self.optional_text(name) or default
        if value is None:
            self.refuse(name, f"is missing; expected {expected}")
        return value or ""

    def number(self, name: str, *, default: int, at_least: int, at_most: int) -> int:
        """Read a whole number between two bounds, both allowed."""
        text = self.optional_text(name)
        if text is None:
            return default
        if not (text.isascii() and text.isdigit() and len(text) < 20 and at_least <= int(text) <= at_most):
            self.refuse(name, f"is wrong; expected a whole number from {at_least} to {at_most}")
            return default
        return int(text)

    def choice(self, name: str, choices: Sequence[str], *, default: str) -> str:
        """Read one of a few words."""
        value = self.optional_text(name) or default
        if value not in choices:
            self.refuse(name, f"is wrong; expected one of {', '.join(choices)}")
            return default
        return value

    def hex_key(self, name: str, *, at_least_bytes: int) -> bytes:
        """Read a secret key written in hex digits; it has no default."""
        expected = f"at least {2 * at_least_bytes} hex digits, for example from `openssl rand -hex {at_least_bytes}`"
        text = self.text(name, expected)
        try:
            key = bytes.fromhex(text)
        except ValueError:
            key = b""
        if text and len(key) < at_least_bytes:
            self.refuse(name, f"is wrong; expected {expected}")
        return key

    def refuse(self, name: str, problem: str) -> None:
        """Remember that a setting cannot be used, for a rule the other methods do not know."""
        self._problems.append(f"{name} {problem}.")

    def finish(self) -> None:
        """
        Make sure that everything read so far can be used.

        Raises:
            SettingsError: something is missing or wrong; the message lists every problem.
        """
        if self._problems:
            raise SettingsError("\n".join(["The settings in the environment cannot be used:", *self._problems]))
