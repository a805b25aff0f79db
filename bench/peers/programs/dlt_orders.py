"""dlt: reads the file of the orders, makes rows of them for both tables, and merges them by key.

Tuned: pages of many messages, orjson, all types named, CSV for COPY. A second process took the same processor time.
"""

import os
import resource
import signal

import dlt
import orjson

PAGE = 1000
WORKERS = int(os.environ.get("IN_FLIGHT", "1"))

ORDER_COLUMNS = {
    "order_key": {"data_type": "bigint", "nullable": False},
    "customer_key": {"data_type": "bigint", "nullable": False},
    "status": {"data_type": "text", "nullable": False},
    "total_price": {"data_type": "decimal", "precision": 15, "scale": 2, "nullable": False},
    "order_date": {"data_type": "date", "nullable": False},
    "priority": {"data_type": "text"},
    "clerk": {"data_type": "text"},
    "ship_priority": {"data_type": "bigint"},
    "version": {"data_type": "bigint", "nullable": False},
    "comment": {"data_type": "text"},
}
LINE_COLUMNS = {
    "order_key": {"data_type": "bigint", "nullable": False},
    "line_number": {"data_type": "bigint", "nullable": False},
    "version": {"data_type": "bigint", "nullable": False},
    "part_key": {"data_type": "bigint", "nullable": False},
    "supplier_key": {"data_type": "bigint", "nullable": False},
    "quantity": {"data_type": "decimal", "precision": 15, "scale": 2, "nullable": False},
    "extended_price": {"data_type": "decimal", "precision": 15, "scale": 2, "nullable": False},
    "discount": {"data_type": "decimal", "precision": 15, "scale": 2},
    "tax": {"data_type": "decimal", "precision": 15, "scale": 2},
    "revenue": {"data_type": "decimal", "precision": 34, "scale": 4},
    "return_flag": {"data_type": "text"},
    "line_status": {"data_type": "text"},
    "ship_date": {"data_type": "date"},
    "commit_date": {"data_type": "date"},
    "receipt_date": {"data_type": "date"},
    "ship_instructions": {"data_type": "text"},
    "ship_mode": {"data_type": "text"},
    "comment": {"data_type": "text"},
}


def pages():
    page = []
    with open(os.environ["ORDERS_FILE"], "rb") as file:
        for line in file:
            page.append(orjson.loads(line))
            if len(page) == PAGE:
                yield page
                page = []
    if page:
        yield page


def merged(name, key, columns):
    return dlt.resource(
        name=name,
        primary_key=key,
        columns=columns,
        write_disposition={"disposition": "merge", "strategy": "upsert"},
        max_table_nesting=0,
        file_format="csv",
    )


@merged("orders", "order_key", ORDER_COLUMNS)
def orders():
    for page in pages():
        for order in page:
            del order["line_items"]
            order["status"] = order.pop("order_status")
            order["priority"] = order.pop("order_priority", None)
            order.setdefault("version", 1)
        yield page


@merged("order_line_items", ["order_key", "line_number"], LINE_COLUMNS)
def order_line_items():
    for page in pages():
        lines = []
        for order in page:
            for line in order["line_items"]:
                line["order_key"] = order["order_key"]
                line["version"] = order.get("version", 1)
                # Both have two digits after the point, so the four of their product are exact.
                discount = round(line.get("discount", 0) * 100)
                line["revenue"] = round(line["extended_price"] * 100) * (100 - discount) / 10_000
                lines.append(line)
        yield lines


if __name__ == "__main__":
    dlt.config["runtime.log_level"] = "CRITICAL"
    dlt.config["runtime.dlthub_telemetry"] = False
    dlt.config["normalize.workers"] = WORKERS
    if WORKERS > 1:
        # More than one file, so that more than one process has work.
        dlt.config["data_writer.file_max_items"] = 10_000
    # A server that trusts its host needs no password, but dlt wants one.
    os.environ.setdefault("DESTINATION__POSTGRES__CREDENTIALS__PASSWORD", "unused")
    pipeline = dlt.pipeline(
        "peer",
        pipelines_dir=os.environ["FOLDER"],
        destination=dlt.destinations.postgres(os.environ["DATABASE_URL"]),
        dataset_name="public",
    )
    print("ready", flush=True)
    # Parents first: jobs of one run are loaded at the same time.
    for table in (orders, order_line_items):
        pipeline.run(table()).raise_on_failed_jobs()
    print(f"peak {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024} MB", flush=True)
    print("drained", flush=True)
    signal.pause()
