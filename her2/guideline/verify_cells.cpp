// SPDX-License-Identifier: Apache-2.0
#include "her2/guideline/verify_cells.h"

#include <algorithm>
#include <map>
#include <optional>

#include "her2/guideline/linear.h"
#include "her2/guideline/verify_atoms.h"

namespace her2 {
namespace {

constexpr int kMostWholeSteps = 400;  // branchings in the search for whole numbers

// What is known of a direction (a sum of facts without its constant) in a part of the space.
struct Interval {
  std::optional<Bound> low, high;

  [[nodiscard]] bool holds(const Rational& x) const {
    return (!low || x > low->at || (x == low->at && !low->open)) &&
           (!high || x < high->at || (x == high->at && !high->open));
  }
};

struct Part {
  std::vector<std::uint64_t> masks;    // by fact: values that a choice may have, whether a number may be there
  std::vector<Interval> directions;    // by direction
  std::map<FactId, Rational> witness;  // one solution of the directions
};

void push_bounds(const Direction& direction, const Interval& interval, std::vector<Constraint>& out) {
  const auto push = [&](const Bound& bound, int sign, Relation relation) {
    Constraint constraint;
    for (const auto& [fact, coefficient] : direction) {
      constraint.form.terms.emplace_back(fact, coefficient * sign);
    }
    constraint.form.constant = -bound.at * sign;
    constraint.relation = relation;
    out.push_back(std::move(constraint));
  };
  const auto side = [](const Bound& bound) { return bound.open ? Relation::less : Relation::less_equal; };
  if (interval.low && interval.high && interval.low->at == interval.high->at) {
    push(*interval.low, 1, Relation::equal);
    return;
  }
  if (interval.low) {
    push(*interval.low, -1, side(*interval.low));
  }
  if (interval.high) {
    push(*interval.high, 1, side(*interval.high));
  }
}

Rational value_of(const Direction& direction, const std::map<FactId, Rational>& values) {
  Rational sum = 0;
  for (const auto& [fact, coefficient] : direction) {
    const auto found = values.find(fact);
    if (found != values.end()) {
      sum += coefficient * found->second;
    }
  }
  return sum;
}

// Looks for a solution in which the `whole` facts are integers, by cutting at fractions. `uncertain` when given up.
class WholeSearch {
 public:
  WholeSearch(const Dictionary& dictionary, std::vector<Constraint> constraints)
      : dictionary_(dictionary), constraints_(std::move(constraints)) {}

  std::optional<std::map<FactId, Rational>> run(bool& uncertain) {
    auto found = search();
    uncertain = !found && steps_ >= kMostWholeSteps;
    return found;
  }

 private:
  std::optional<std::map<FactId, Rational>> search() {
    if (++steps_ >= kMostWholeSteps) {
      return std::nullopt;
    }
    auto values = solution(constraints_);
    if (!values) {
      return std::nullopt;
    }
    const auto broken = std::find_if(values->begin(), values->end(), [&](const auto& entry) {
      return dictionary_[entry.first].integer && !is_integer(entry.second);
    });
    if (broken == values->end() || scaled(*values)) {
      return values;
    }
    const auto [fact, value] = *broken;
    for (const int sign : {-1, 1}) {  // fact >= ceil, then fact <= floor
      Constraint cut;
      cut.form.add(fact, sign);
      cut.form.constant = sign < 0 ? ceil(value) : Rational(-floor(value));
      constraints_.push_back(cut);
      auto found = search();
      constraints_.pop_back();
      if (found) {
        return found;
      }
    }
    return std::nullopt;
  }

  // Whole multiples of a solution often are solutions: counts matter by their quotients.
  bool scaled(std::map<FactId, Rational>& values) const {
    boost::multiprecision::cpp_int factor = 1;
    for (const auto& [fact, value] : values) {
      if (dictionary_[fact].integer) {
        factor = lcm(factor, denominator(value));
      }
    }
    std::map<FactId, Rational> larger = values;
    for (auto& [fact, value] : larger) {
      if (dictionary_[fact].integer) {
        value *= Rational(factor);
      }
    }
    const bool good = std::all_of(constraints_.begin(), constraints_.end(), [&](const Constraint& constraint) {
      const Rational sum = value_of(constraint.form.terms, larger) + constraint.form.constant;
      return sum < 0 || (sum == 0 && constraint.relation != Relation::less);
    });
    if (good) {
      values = std::move(larger);
    }
    return good;
  }

  const Dictionary& dictionary_;
  std::vector<Constraint> constraints_;
  int steps_ = 0;
};

class Cutter {
 public:
  Cutter(const Dictionary& dictionary, const InputSpace& space, const std::vector<const Condition*>& questions,
         const std::function<bool(const Cell&)>& visit)
      : dictionary_(dictionary), space_(space), atoms_(dictionary), visit_(visit) {
    for (const Condition* condition : space.assumed) {
      assumed_.push_back(atoms_.compile(*condition));
    }
    for (const Condition* condition : questions) {
      questions_.push_back(atoms_.compile(*condition));
    }
  }

  void run() {
    Part part;
    part.masks.resize(dictionary_.size());
    for (const FactId input : space_.inputs) {
      const FactType& type = dictionary_[input];
      const bool optional = std::binary_search(space_.missing_ok.begin(), space_.missing_ok.end(), input);
      part.masks[input] =
          (type.kind == FactKind::choice ? type.all_values() : kPresentBit) | (optional ? kMissingBit : 0);
      if (type.kind == FactKind::number) {
        numbers_.push_back(input);
        atoms_.direction_of({{input, 1}});
      }
    }
    part.directions.resize(atoms_.directions().size());
    for (const FactId number : numbers_) {
      const FactType& type = dictionary_[number];
      Interval& interval = part.directions[atoms_.direction_of({{number, 1}})];
      interval.low = type.min ? std::optional(Bound{*type.min, type.min_open}) : std::nullopt;
      interval.high = type.max ? std::optional(Bound{*type.max, false}) : std::nullopt;
    }
    auto witness = solution(constraints(part));
    if (!witness) {
      return;  // the dictionary forbids such ranges
    }
    part.witness = std::move(*witness);
    cut(std::move(part));
  }

 private:
  // Cuts until every question is decided; false when the visitor has seen enough.
  bool cut(Part part) {
    while (true) {
      const AtomTree* open = nullptr;
      for (const AtomTree& assumed : assumed_) {
        const Truth now = truth_in(part, assumed);
        if (now == Truth::not_met) {
          return true;
        }
        if (now == Truth::open && open == nullptr) {
          open = &assumed;
        }
      }
      Cell cell;
      for (const AtomTree& question : questions_) {
        const Truth now = truth_in(part, question);
        cell.met.push_back(now == Truth::met);
        cell.met_count += now == Truth::met ? 1U : 0U;
        if (now == Truth::open && open == nullptr) {
          open = &question;
        }
      }
      if (open == nullptr) {
        cell.example = [&](bool& uncertain) { return example_of(part, uncertain); };
        return visit_(cell);
      }
      Part other = part;
      if (split(*first_open(part, *open), part, other) && !cut(std::move(other))) {
        return false;
      }
    }
  }

  // Makes the atom hold in `yes` and fail in `no`; false when one side is empty: then `yes` is the other.
  bool split(const Atom& atom, Part& yes, Part& no) const {
    if (atom.kind == Atom::Kind::mask) {
      yes.masks[atom.fact] &= atom.mask;
      no.masks[atom.fact] &= ~atom.mask;
      return true;  // the atom was open
    }
    const bool witness_meets = atom.holds_at(value_of(atoms_.directions()[atom.direction], yes.witness));
    narrow(atom, true, yes);
    narrow(atom, false, no);
    Part& unsure = witness_meets ? no : yes;
    auto witness = solution(constraints(unsure));
    if (!witness) {
      if (!witness_meets) {
        yes = std::move(no);
      }
      return false;
    }
    unsure.witness = std::move(*witness);
    return true;
  }

  static void narrow(const Atom& atom, bool holds, Part& part) {
    Interval& interval = part.directions[atom.direction];
    if (holds) {
      interval.high = Bound{atom.at, atom.strict};
    } else {
      interval.low = Bound{atom.at, !atom.strict};
    }
  }

  Truth truth_in(const Part& part, const AtomTree& tree) const {
    if (tree.op == AtomTree::Op::atom) {
      const Truth now = truth_in(part, atoms_.atoms()[tree.atom]);
      return now == Truth::open || tree.positive ? now : now == Truth::met ? Truth::not_met : Truth::met;
    }
    const Truth decisive = tree.op == AtomTree::Op::all ? Truth::not_met : Truth::met;
    bool open = false;
    for (const AtomTree& child : tree.parts) {
      const Truth now = truth_in(part, child);
      if (now == decisive) {
        return decisive;
      }
      open = open || now == Truth::open;
    }
    return open ? Truth::open : decisive == Truth::met ? Truth::not_met : Truth::met;
  }

  static Truth truth_in(const Part& part, const Atom& atom) {
    if (atom.kind == Atom::Kind::mask) {
      const std::uint64_t now = part.masks[atom.fact];
      return (now & atom.mask) == 0 ? Truth::not_met : (now & ~atom.mask) == 0 ? Truth::met : Truth::open;
    }
    const Interval& interval = part.directions[atom.direction];
    if (interval.high &&
        (interval.high->at < atom.at || (interval.high->at == atom.at && (interval.high->open || !atom.strict)))) {
      return Truth::met;
    }
    if (interval.low &&
        (interval.low->at > atom.at || (interval.low->at == atom.at && (interval.low->open || atom.strict)))) {
      return Truth::not_met;
    }
    return Truth::open;
  }

  // The first open atom of an open tree; inside a conjunction choices come before numbers, because they cost nothing.
  const Atom* first_open(const Part& part, const AtomTree& tree) const {
    if (tree.op == AtomTree::Op::atom) {
      return &atoms_.atoms()[tree.atom];
    }
    const Atom* number = nullptr;
    for (const AtomTree& child : tree.parts) {
      if (truth_in(part, child) != Truth::open) {
        continue;
      }
      const Atom* atom = first_open(part, child);
      if (atom->kind == Atom::Kind::mask) {
        return atom;
      }
      number = number == nullptr ? atom : number;
    }
    return number;
  }

  // Directions with a number that is surely missing bind nothing: no cut was ever made along them.
  std::vector<Constraint> constraints(const Part& part) const {
    std::vector<Constraint> out;
    for (std::size_t i = 0; i < part.directions.size(); ++i) {
      push_bounds(atoms_.directions()[i], part.directions[i], out);
    }
    return out;
  }

  std::optional<Example> example_of(const Part& part, bool& uncertain) const {
    const auto values = WholeSearch(dictionary_, constraints(part)).run(uncertain);
    if (!values && !uncertain) {
      return std::nullopt;
    }
    const auto& numbers = values ? *values : part.witness;
    Example out;
    for (const FactId input : space_.inputs) {
      if ((part.masks[input] & kMissingBit) != 0) {
        out.emplace_back(input, Value::missing());
      } else if (dictionary_[input].kind == FactKind::choice) {
        const std::uint64_t lowest = part.masks[input] & (~part.masks[input] + 1);
        out.emplace_back(input, Value::of_choices(lowest));
      } else {
        const auto found = numbers.find(input);
        out.emplace_back(input, Value::of_number(found == numbers.end() ? Rational(0) : found->second));
      }
    }
    return out;
  }

  const Dictionary& dictionary_;
  const InputSpace& space_;
  Atoms atoms_;
  const std::function<bool(const Cell&)>& visit_;
  std::vector<AtomTree> assumed_, questions_;
  std::vector<FactId> numbers_;
};

}  // namespace

void for_each_cell(const Dictionary& dictionary, const InputSpace& space,
                   const std::vector<const Condition*>& questions, const std::function<bool(const Cell&)>& visit) {
  Cutter(dictionary, space, questions, visit).run();
}

Worlds worlds_of(const Dictionary& dictionary, const Example& example) {
  Worlds out(dictionary);
  for (const auto& [fact, value] : example) {
    out.set(fact, value);
  }
  return out;
}

}  // namespace her2
