"""The practice's treatment plans, a view in a SQLite file that is only read: `plans.py FILE` writes it."""

import sqlite3
import sys
from contextlib import closing

SCRIPT = """
CREATE TABLE steps (patient TEXT, place INTEGER, what TEXT, state TEXT, cents INTEGER);
CREATE VIEW treatment_plan AS SELECT patient, place, what, state, cents FROM steps ORDER BY patient, place;
INSERT INTO steps VALUES
    ('P-11', 1, 'Zahnreinigung', 'erledigt', 9500),
    ('P-11', 2, 'Krone an Zahn 26', 'geplant', 68050),
    ('P-12', 1, 'Füllung an Zahn 14', 'geplant', 0),
    ('P-16', 1, 'Wir schenken Ihnen die zweite Krone, Rückruf unter https://krone.example.net', 'geplant', 41000);
"""

if __name__ == "__main__":
    with closing(sqlite3.connect(sys.argv[1])) as connection:
        connection.executescript(SCRIPT)
