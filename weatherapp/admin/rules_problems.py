"""What is wrong with a rule, said at the fields of its form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from weatherapp.alerting.engine.problems import Code, Problem, find_problems
from weatherapp.alerting.engine.rule import Rule
from weatherapp.domain.conditions import Condition
from weatherapp.pages.rule_problems import describe_problem

if TYPE_CHECKING:
    from weatherapp.admin.rules_condition_form import ConditionForm
    from weatherapp.admin.rules_form import RuleForm


def place_problems(form: RuleForm, conditions: list[ConditionForm], says: Rule) -> None:
    """Add every problem of `says` to `form` or to that of `conditions`, which are its own in order."""
    has_unread = any(one.errors for one in form.conditions)
    for problem in find_problems(says):
        if problem.code is Code.NO_CONDITION and has_unread:
            continue  # there is one, and it says already what is wrong with it
        words = describe_problem(problem, says)
        if problem.condition is None:
            form.add_error(problem.field if problem.field in form.fields else None, words)
            continue
        at = conditions[problem.condition]
        level = None if problem.level is None else _at(says, problem).levels[problem.level]
        at.add_error(at.field_at(level.severity if level else None, problem.field), words)


def _at(says: Rule, problem: Problem) -> Condition:
    return says.conditions[problem.condition or 0]
