# SPDX-License-Identifier: Apache-2.0
"""The ISH groups of a registry with DuckDB, as one CASE expression: group_duckdb.py REGISTRY OUT THREADS"""
import sys

import duckdb

registry, out, threads = sys.argv[1:]
GROUP = """CASE WHEN cells IS NULL OR her2_total IS NULL OR cep17_total IS NULL THEN NULL
  WHEN her2_total >= 2 * cep17_total THEN CASE WHEN her2_total >= 4 * cells THEN 1 ELSE 2 END
  WHEN her2_total >= 6 * cells THEN 3 WHEN her2_total >= 4 * cells THEN 4 ELSE 5 END"""
COLUMNS = ("{'id': 'VARCHAR', 'ihc_score': 'VARCHAR', 'cells': 'INTEGER', 'her2_total': 'INTEGER', "
           "'cep17_total': 'INTEGER', 'er_percent': 'VARCHAR', 'pgr_percent': 'VARCHAR', 'ki67_percent': 'VARCHAR'}")
base = duckdb.connect()
base.execute(f"SET threads = {int(threads)}")
base.execute(f"COPY (SELECT id, {GROUP} AS ish_group FROM read_csv('{registry}', header = true, columns = {COLUMNS})) "
             f"TO '{out}' (HEADER, DELIMITER ',')")
