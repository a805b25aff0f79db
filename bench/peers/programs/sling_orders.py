"""Sling: reads a file of rows for each table and merges them by key. Its program does the work; this only starts it."""

import os
import resource
import signal

import sling_linux_amd64

os.environ["SLING_BINARY"] = sling_linux_amd64.SLING_BIN
os.chmod(sling_linux_amd64.SLING_BIN, 0o755)
os.environ["SLING_HOME_DIR"] = os.environ["FOLDER"]
os.environ["PEER"] = os.environ["DATABASE_URL"] + "?sslmode=disable"

from sling import Replication, ReplicationStream  # noqa: E402

ORDER_COLUMNS = {
    "order_key": "bigint",
    "customer_key": "bigint",
    "status": "text",
    "total_price": "decimal(15,2)",
    "order_date": "date",
    "priority": "text",
    "clerk": "text",
    "ship_priority": "integer",
    "version": "bigint",
    "comment": "text",
}
LINE_COLUMNS = {
    "order_key": "bigint",
    "line_number": "integer",
    "version": "bigint",
    "part_key": "bigint",
    "supplier_key": "bigint",
    "quantity": "decimal(15,2)",
    "extended_price": "decimal(15,2)",
    "discount": "decimal(15,2)",
    "tax": "decimal(15,2)",
    "revenue": "decimal(34,4)",
    "return_flag": "text",
    "line_status": "text",
    "ship_date": "date",
    "commit_date": "date",
    "receipt_date": "date",
    "ship_instructions": "text",
    "ship_mode": "text",
    "comment": "text",
}


def merged(table, key, columns):
    return ReplicationStream(
        mode="incremental",
        object=f"public.{table}",
        primary_key=key,
        columns=columns,
        source_options={"format": "jsonlines", "flatten": True},
    )


if __name__ == "__main__":
    replication = Replication(
        source="LOCAL",
        target="PEER",
        streams={
            f"file://{os.environ['ORDERS_FILE']}": merged("orders", ["order_key"], ORDER_COLUMNS),
            f"file://{os.environ['LINES_FILE']}": merged(
                "order_line_items", ["order_key", "line_number"], LINE_COLUMNS
            ),
        },
    )
    print("ready", flush=True)
    replication.run(return_output=True)
    print(f"peak {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024} MB", flush=True)
    print("drained", flush=True)
    signal.pause()
