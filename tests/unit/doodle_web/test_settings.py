"""Settings are read once, and refused as a whole."""

import pytest

from doodle_db.errors import SettingsError
from doodle_web.settings import SettingsReader


def test_everything_wrong_is_told_at_once() -> None:
    """Whoever starts a service mends its environment in one go, not variable by variable."""
    reader = SettingsReader({"PROCESSES": "0", "LOG_LEVEL": "loud", "KEY": "abc", "EMPTY": ""})
    reader.number("PROCESSES", default=2, at_least=1, at_most=64)
    reader.choice("LOG_LEVEL", ["info", "error"], default="info")
    reader.hex_key("KEY", at_least_bytes=16)
    reader.text("EMPTY", "an address")

    with pytest.raises(SettingsError) as refusal:
        reader.finish()

    lines = str(refusal.value).splitlines()[1:]
    assert [line.split()[0] for line in lines] == ["PROCESSES", "LOG_LEVEL", "KEY", "EMPTY"]


@pytest.mark.parametrize("key", ["0123", "not hex, but long enough to be a key of sixteen bytes"])
def test_a_wrong_value_is_never_shown(key: str) -> None:
    """A refusal goes into logs, and what stands under a key's name may be a key."""
    reader = SettingsReader({"KEY": key})
    reader.hex_key("KEY", at_least_bytes=16)

    with pytest.raises(SettingsError) as refusal:
        reader.finish()

    assert key not in str(refusal.value)


@pytest.mark.parametrize("text", ["-1", "1.5", "٣", "1e3", "9" * 50, " 5"])
def test_a_number_is_plain_digits(text: str) -> None:
    """What int() would bend into shape is refused."""
    reader = SettingsReader({"PROCESSES": text})
    reader.number("PROCESSES", default=2, at_least=1, at_most=64)

    with pytest.raises(SettingsError, match="PROCESSES is wrong; expected a whole number from 1 to 64"):
        reader.finish()


def test_good_settings_are_read() -> None:
    """A set variable counts, one that is set to nothing has its default."""
    reader = SettingsReader({"PROCESSES": "4", "LOG_LEVEL": "", "KEY": "00ff" * 8, "NAME": "x"})

    read = (
        reader.number("PROCESSES", default=2, at_least=1, at_most=64),
        reader.choice("LOG_LEVEL", ["info", "error"], default="info"),
        reader.hex_key("KEY", at_least_bytes=16),
        reader.text("NAME", "a name"),
        reader.text("OTHER", "a name", default="y"),
        reader.optional_text("NOTHING"),
    )
    reader.finish()

    assert read == (4, "info", bytes.fromhex("00ff" * 8), "x", "y", None)
