-- SPDX-License-Identifier: Apache-2.0
-- The ISH groups of an imported registry, as one CASE expression; written to standard output.
.mode csv
.headers on
SELECT id, CASE WHEN cells = '' OR her2_total = '' OR cep17_total = '' THEN NULL
  WHEN her2_total >= 2 * cep17_total THEN CASE WHEN her2_total >= 4 * cells THEN 1 ELSE 2 END
  WHEN her2_total >= 6 * cells THEN 3 WHEN her2_total >= 4 * cells THEN 4 ELSE 5 END AS ish_group
FROM registry;
