"""A read-only view of an inventory that lives in a MySQL database."""

import os

import MySQLdb
from bottle import default_app, route, template


@route("/")
def index():
    return template("stock", driver=MySQLdb.version_info[0])


@route("/stock")
def stock():
    try:
        connection = MySQLdb.connect(host=os.environ.get("DB_HOST", "127.0.0.1"), connect_timeout=1)
    except MySQLdb.OperationalError as error:
        return f"database error {error.args[0]}\n"
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM stock")
        return f"{cursor.fetchone()[0]}\n"


application = default_app()
