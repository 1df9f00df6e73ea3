"""The service starts with settings that can be used, or not at all."""

import pytest

from doodle_db.errors import SettingsError
from model_server.config import Settings, from_environment, serving_from_environment

KEY = "00112233445566778899aabbccddeeff"
NEEDED = {"DATABASE_URL": "postgresql://doodle@localhost/doodle", "CONTRIBUTOR_KEY": KEY}


def test_what_is_needed_is_enough() -> None:
    """Everything else has a default that suits one machine; no secret has one."""
    settings = from_environment(NEEDED)

    assert settings == Settings(
        database_url=NEEDED["DATABASE_URL"],
        label_set=settings.label_set,
        contributor_key=bytes.fromhex(KEY),
        training_server_url=None,
        delta_min_doodles=200,
        trusted_proxy_hops=1,
        operator_token=None,
        max_streams=1_000,
    )
    assert settings.label_set.name == "animals"


def test_nothing_set_names_everything_needed() -> None:
    """A first start says at once all that it lacks."""
    with pytest.raises(SettingsError) as refusal:
        from_environment({})

    assert "DATABASE_URL is missing" in str(refusal.value)
    assert "CONTRIBUTOR_KEY is missing" in str(refusal.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://doodle@localhost/doodle"),
        ("CONTRIBUTOR_KEY", "0011"),
        ("CONTRIBUTOR_KEY", "x" * 32),
        ("LABEL_SET", "plants"),
        ("OPERATOR_TOKEN", "secret"),
        ("TRAINING_SERVER_URL", "localhost:8002"),
        ("DELTA_MIN_DOODLES", "0"),
        ("TRUSTED_PROXY_HOPS", "-1"),
        ("MAX_STREAMS", "many"),
        ("MODEL_SERVER_PROCESSES", "0"),
        ("LOG_LEVEL", "loud"),
    ],
)
def test_a_wrong_value_is_refused_by_name(name: str, value: str) -> None:
    """A typing error never becomes a default."""
    with pytest.raises(SettingsError, match=name):
        from_environment({**NEEDED, name: value})


def test_gunicorns_settings_have_defaults() -> None:
    """gunicorn reads its part before anything can be refused in good words."""
    serving = serving_from_environment({})

    assert (serving.bind, serving.num_processes, serving.log_level) == ("127.0.0.1:8001", 2, "info")
    assert serving_from_environment({"BIND": "unix:/run/doodle.sock"}).bind == "unix:/run/doodle.sock"
