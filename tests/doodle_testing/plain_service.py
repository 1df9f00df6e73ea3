"""
The plain way of storing doodles, to compare ours with: Flask, SQLAlchemy, one INSERT and one commit a request.

Nothing is checked, counted, hashed or limited; a page that sends the same again gets an error. The table has its
primary key and nothing else.
"""

import base64
import os
from uuid import UUID

from flask import Flask, Response, jsonify, request
from sqlalchemy import Column, LargeBinary, MetaData, Table, Text, Uuid, create_engine, insert
from sqlalchemy.dialects.postgresql import JSONB

NUM_PROCESSES = 2
NUM_THREADS = 8

plain_doodles = Table(
    "plain_doodles",
    MetaData(),
    Column("id", Uuid, primary_key=True),
    Column("label", Text, nullable=False),
    Column("bitmap", LargeBinary, nullable=False),
    Column("strokes", JSONB),
)


def make_app() -> Flask:
    """Make the service; its database stands in DATABASE_URL."""
    engine = create_engine(os.environ["DATABASE_URL"], pool_size=NUM_THREADS)
    app = Flask(__name__)

    @app.post("/api/v1/doodles")
    def store() -> tuple[Response, int]:
        sent = request.get_json()
        row = {"id": UUID(sent["id"]), "label": sent["label"], "strokes": sent["strokes"]}
        with engine.begin() as connection:
            connection.execute(insert(plain_doodles).values(bitmap=base64.b64decode(sent["bitmap"]), **row))
        return jsonify(id=sent["id"]), 201

    return app
