#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The option files against the list of rules that they were written from: each rule's expression is read here, by a
parser of its own, and z3 must find no case in which it differs from the criteria that `her2 guideline export` writes.
What the proofs say of each option by itself is looked at by verify_z3.py.
Skipped where z3 or the list is absent."""
import csv
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HER2 = os.environ.get("HER2", "her2")
SOURCE = pathlib.Path(os.environ.get("HER2_SOURCE", "."))
RULES = pathlib.Path(os.environ.get("HER2_DOSSIER", "")) / "clinical" / "treatment_rules.csv"

T = ["0", "is", "1mi", "1a", "1b", "1c", "2", "3", "4"]
N = ["0", "1mi", "1", "2", "3"]
# name in the list -> fact
FACTS = dict(line.split() for line in """
M m_category
T t_for_stage
N n_for_stage
cT ct
cN cn
pT pt
pN pn
ypN ypn
nodes positive_nodes
size_c_mm size_clinical_mm
ki67 ki67_percent
genomic_high high_genomic_risk
stage_anat anatomic_stage
stage_clin clinical_stage
gbrca germline_brca
anthra_taxane anthracycline_or_taxane
adj_chemo adjuvant_chemo
neo_chemo neoadjuvant_chemo
residual residual_disease
cpseg cps_eg
et_contra endocrine_contraindicated
meno menopausal_status
ofs ovarian_suppression
et_years endocrine_years
age age_years
rs recurrence_score
lvi lymphovascular_invasion
clin_risk clinical_risk
ibc inflammatory
meno_bis menopause_for_bone_drugs
syst_candidate systemic_candidate
renal_severe renal_impairment_severe
dental_ok dental_check_passed
diffuse_calc diffuse_calcifications
persistent_pos_margin persistent_positive_margins
atm_hom atm_homozygous
rt_possible radiation_possible
multicentric_excl multicentric_reason_against
ax_us axillary_ultrasound
wbrt_planned whole_breast_radiation_planned
et_planned endocrine_planned
sln_pos positive_sentinel_nodes
rt_planned radiation_planned
central_medial central_or_medial
adv advanced_disease
et_lines_met endocrine_lines_metastatic
prog_on_et progression_on_endocrine
chemo_lines_met chemo_lines_metastatic
prior_et prior_endocrine
prior_nsai prior_nonsteroidal_ai
prog_on_nsai progression_on_nonsteroidal_ai
pik3ca pik3ca_mutation
akt1 akt1_mutation
pten pten_alteration
adj_et adjuvant_endocrine
rec_adj_et_mo recurrence_after_endocrine_months
syst_lines_met systemic_lines_metastatic
prior_ai prior_aromatase_inhibitor
esr1 esr1_mutation
et_lines_all endocrine_lines_all
on_1l_ai_cdk46 on_first_line_ai_cdk46
et_suitable endocrine_suitable
other_syst_lines_met other_systemic_lines_metastatic
bone_mets bone_metastases
life_exp_mo life_expectancy_months
cps pd_l1_cps
syst_lines_all systemic_lines_all
prior_sg prior_sacituzumab
msi_h msi_high
lvef lvef_percent
ild_history lung_disease_interstitial
neo_trast neoadjuvant_trastuzumab
neo_taxane neoadjuvant_taxane
trast_done trastuzumab_completed
her2_lines_met her2_lines_metastatic
her2_lines_all her2_lines_all
rec_adj_her2_mo recurrence_after_her2_therapy_months
rec_adj_chemo_mo recurrence_after_chemo_months
prior_trast prior_trastuzumab
prior_anthra prior_anthracycline
hr hr_status
her2 her2_status
er er_status
""".strip().splitlines())
WORDS = {"pos": "positive", "neg": "negative", "bcs": "conserving"}
# Where the list names one fact for two things: men have a GnRH analogue, not ovarian suppression.
REWRITE = {"et_ai": [("sex==male && ofs", "sex==male && gnrh_analogue")],
           "slnb_omit": [("sex==female &&", "M==0 && sex==female &&")]}  # early disease: our reading, marked so
TOKEN = re.compile(r"\s*(&&|\|\||==|!=|<=|>=|[<>!(){},]|[A-Za-z0-9_.]+)")


class Reader:
    """An expression of the list as SMT-LIB over the facts of one export; `order` holds the values of each choice."""

    def __init__(self, text, order, whole):
        self.tokens, self.at, self.order, self.whole = TOKEN.findall(text), 0, order, whole

    def peek(self):
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self, token=None):
        got = self.peek()
        if token and got != token:
            sys.exit(f"expected {token} at {self.tokens[self.at:]}")
        self.at += 1
        return got

    def disjunction(self):
        parts = [self.conjunction()]
        while self.peek() == "||":
            self.take()
            parts.append(self.conjunction())
        return parts[0] if len(parts) == 1 else f"(or {' '.join(parts)})"

    def conjunction(self):
        parts = [self.negation()]
        while self.peek() == "&&":
            self.take()
            parts.append(self.negation())
        return parts[0] if len(parts) == 1 else f"(and {' '.join(parts)})"

    def negation(self):
        if self.peek() == "!":
            self.take()
            return f"(not {self.negation()})"
        if self.peek() == "(":
            self.take()
            inner = self.disjunction()
            self.take(")")
            return inner
        return self.test()

    def values(self, fact, operator, value):
        """Values of a choice that stand in the relation; 1 of T is any T1."""
        order = self.order[fact]
        value = WORDS.get(value, value)
        if fact == "er_status" and value == "positive":
            return ["low-positive", "positive"]
        same = [v for v in order if v == value or (value == "1" and order[:3] == T[:3] and v.startswith("1"))]
        if not same:
            sys.exit(f"{value} is no value of {fact}: {order}")
        low, high = order.index(same[0]), order.index(same[-1])
        return {"==": same, "!=": [v for v in order if v not in same], "<": order[:low], "<=": order[:high + 1],
                ">": order[high + 1:], ">=": order[low:]}[operator]

    def test(self):
        name = self.take()
        if name == "known":
            self.take("(")
            fact = FACTS.get(self.peek(), self.peek())
            self.take()
            self.take(")")
            return f"|{fact} is there|"
        fact = FACTS.get(name, name)
        if self.peek() == "in":
            self.take()
            self.take("{")
            chosen = []
            while self.peek() != "}":
                chosen += self.values(fact, "==", self.take())
                if self.peek() == ",":
                    self.take()
            self.take()
            return self.any_of(fact, chosen)
        if self.peek() in ("==", "!=", "<", "<=", ">", ">="):
            operator, value = self.take(), self.take()
            if fact in self.order:
                return self.any_of(fact, self.values(fact, operator, value))
            number = value if "." in value else value + ".0"
            term = f"(to_real |{fact}|)" if fact in self.whole else f"|{fact}|"
            return f"({'=' if operator == '==' else operator} {term} {number})"
        return self.any_of(fact, ["yes"])

    def any_of(self, fact, chosen):
        return "(or false " + " ".join(self.is_value(fact, v) for v in chosen) + ")"

    def is_value(self, fact, value):
        return f"(= |{fact}| |{fact} {value}|)"


def export(identifier):
    done = subprocess.run([HER2, "guideline", "export", identifier, "--format", "smtlib"], capture_output=True,
                          text=True, timeout=200, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    return done.stdout


def ask(text):
    with tempfile.NamedTemporaryFile("w", suffix=".smt2") as file:
        file.write(text)
        file.flush()
        out = subprocess.run(["z3", file.name], capture_output=True, text=True, timeout=280, check=False).stdout
    lines = [line for line in out.splitlines() if not line.startswith("(error") or "check annotation" not in line]
    if any(line.startswith("(error") for line in lines):
        sys.exit(f"z3 cannot read: {[line for line in lines if line.startswith('(error')][:3]}")
    return [line for line in lines if line in ("sat", "unsat", "unknown")]


def compared(rule, expression, table):
    """What asks z3 whether the option and the rule differ in any case."""
    order = {fact: re.findall(r"\(\|" + re.escape(fact) + r" ([^|]+)\|\)", values)[:-1]
             for fact, values in re.findall(r"declare-datatypes \(\(\|value of ([^|]+)\| 0\)\) \((.*)\)\)", table)}
    whole = set(re.findall(r"declare-const \|([a-z0-9_]+)\| Int", table))
    for wrote, meant in REWRITE.get(rule, []):
        if wrote not in expression:
            sys.exit(f"{rule} no longer says {wrote}: mend REWRITE")
        expression = expression.replace(wrote, meant)
    theirs = Reader(expression, order, whole)
    term = theirs.disjunction()
    if theirs.peek():
        sys.exit(f"{rule}: {theirs.tokens[theirs.at:]} is left over")
    head = "\n".join(line for line in table.split("(push")[0].splitlines()
                     if line.startswith(("(set-logic", "(declare", "(assert", "(define-fun |row met|")))
    return f"{head}\n(assert (distinct |row met| {term}))\n(check-sat)\n(reset)\n"


def main():
    if shutil.which("z3") is None or not RULES.exists():
        print("z3 or the list of rules is not there: skipped")
        return 77
    with open(RULES, encoding="utf-8") as file:
        rules = {row["id"]: row["criteria"] for row in csv.DictReader(file)}
    tables = {}
    for path in sorted((SOURCE / "guidelines" / "options").glob("*.toml")):
        for table in export(f"options-{path.stem}").split("(reset)"):
            named = re.search(r"; options-\S+, table (\S+):", table)
            if named:
                tables[named.group(1)] = table
    missing = sorted(set(rules) - set(tables))
    names = [rule for rule in rules if rule in tables]
    answers = ask("".join(compared(rule, rules[rule], tables[rule]) for rule in names))
    if len(answers) != len(names):
        sys.exit(f"z3 answered {len(answers)} of {len(names)} questions")
    wrong = [rule for rule, answer in zip(names, answers) if answer != "unsat"]
    # The question can be answered with sat: a rule with one limit moved is told from its option.
    moved = rules["abema_adj"].replace("nodes>=4", "nodes>=5")
    blind = ask(compared("abema_adj", moved, tables["abema_adj"])) != ["sat"]
    for rule in missing:
        print(f"{rule}: there is no such option")
    for rule in wrong:
        print(f"{rule}: the option and the rule differ in some case")
    if blind:
        print("a moved limit is not seen")
    print(f"{len(rules)} rules, {len(tables)} options: {len(missing)} missing, {len(wrong)} that differ")
    return 1 if missing or wrong or blind else 0


if __name__ == "__main__":
    sys.exit(main())
