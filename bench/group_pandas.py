# SPDX-License-Identifier: Apache-2.0
"""The ISH groups of a registry with pandas, as one would write it: group_pandas.py REGISTRY OUT"""
import sys

import numpy
import pandas

registry, out = sys.argv[1:]
table = pandas.read_csv(registry, usecols=["id", "cells", "her2_total", "cep17_total"])
cells, her2, cep17 = table["cells"], table["her2_total"], table["cep17_total"]
high_ratio = her2 >= 2 * cep17
table["ish_group"] = numpy.select(
    [cells.isna() | her2.isna() | cep17.isna(),
     high_ratio & (her2 >= 4 * cells), high_ratio, her2 >= 6 * cells, her2 >= 4 * cells],
    ["", "1", "2", "3", "4"], "5")
table[["id", "ish_group"]].to_csv(out, index=False)
for group, count in table["ish_group"].value_counts().items():
    print(f"{group or 'none'} {count}")
