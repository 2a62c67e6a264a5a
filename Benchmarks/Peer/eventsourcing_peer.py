"""The peer from PyPI: `eventsourcing` with psycopg, its default rows; in a virtual environment.

    eventsourcing_peer.py append THREADS SECONDS    each thread records one image after the other,
                                                    each in a transaction of its own
    eventsourcing_peer.py replay                    reads the whole log by pages of 1,000

The server is named by PGHOST, PGUSER and PGDATABASE. Prints one line of JSON.
"""

import json
import os
import sys
import threading
import time
import uuid

from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore

# As long as the payload of our row of the same event.
STATE = json.dumps({"imagesStored": True, "modality": "IVUS", "phase": "diagnostic",
                    "side": "left", "vessel": "common-iliac-vein"}, separators=(",", ":")).encode()
PER_CASE = 50
PAGE = 1_000


def recorder(threads):
    datastore = PostgresDatastore(
        dbname=os.environ["PGDATABASE"], host=os.environ["PGHOST"], port="5432",
        user=os.environ["PGUSER"], password="none", pool_size=threads, max_overflow=2)
    result = PostgresApplicationRecorder(datastore, events_table_name="peer_events")
    result.create_table()
    return result


def append(threads, seconds):
    records = recorder(threads)
    counts = [0] * threads
    begin = time.monotonic()

    def record(lane):
        while time.monotonic() - begin < seconds:
            place = counts[lane] % PER_CASE
            if place == 0:
                case = uuid.uuid4()
            records.insert_events([StoredEvent(case, place + 1, "cathlog:ImageAcquired", STATE)])
            counts[lane] += 1

    lanes = [threading.Thread(target=record, args=(lane,)) for lane in range(threads)]
    for lane in lanes:
        lane.start()
    for lane in lanes:
        lane.join()
    return {"events": sum(counts), "perSecond": sum(counts) / (time.monotonic() - begin)}


def replay():
    records = recorder(1)
    begin = time.monotonic()
    count, start = 0, 1
    while page := records.select_notifications(start=start, limit=PAGE):
        count += len(page)
        start = page[-1].id + 1
    return {"events": count, "perSecond": count / (time.monotonic() - begin)}


if __name__ == "__main__":
    if sys.argv[1] == "append":
        print(json.dumps(append(int(sys.argv[2]), int(sys.argv[3]))))
    else:
        print(json.dumps(replay()))
