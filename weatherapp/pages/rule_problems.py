"""What is wrong with a rule, in words: for the admin's form and for programs."""

from __future__ import annotations

from django.template.loader import render_to_string

from weatherapp.alerting.engine.problems import Code, Problem, allowed_aggregations, find_bounds
from weatherapp.alerting.engine.rule import Rule


def describe_problem(problem: Problem, says: Rule) -> str:
    """With the numbers that would be right."""
    context: dict[str, object] = {"problem": problem, "says": says}
    if problem.condition is not None and problem.code is not Code.UNKNOWN_QUANTITY:
        condition = says.conditions[problem.condition]
        low, high = find_bounds(condition)
        context |= {"condition": condition, "low": low, "high": high}
        context["allowed"] = sorted(allowed_aggregations(condition))
    return render_to_string("rules/problem.html", context).strip()
