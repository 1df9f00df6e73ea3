"""
Ids of erased drawings that stayed behind in checks for drift; online.

Erasing looked for the reference's drawings under another name than checks have. One statement over two thousand rows at
most, which nobody else changes but an erasure; the code of the release before reads what is left as it did.
"""

from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Keep the ids of drawings that are there, and drop the list that only erasing wrote."""
    op.execute(_CLEAN)


_THERE = """(
    SELECT coalesce(jsonb_agg(drawn.id), '[]')
    FROM jsonb_array_elements_text(pictures #> '{{samples,{}}}') AS drawn (id)
    WHERE EXISTS (
        SELECT FROM doodle_ids AS place JOIN doodles USING (id, source, created_at)
        WHERE place.id = CAST(drawn.id AS uuid)
    )
)"""

_CLEAN = f"""
    UPDATE drift_checks SET pictures = jsonb_set(
        jsonb_set(pictures, '{{samples,now}}', {_THERE.format("now")}),
        '{{samples,before}}', {_THERE.format("before")}
    ) #- '{{samples,then}}'
    WHERE pictures ? 'samples'
"""  # noqa: S608  # our own words
