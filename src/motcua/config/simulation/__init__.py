"""A ward's day over HTTP: people sign in, receive, ask for papers, decide and return; and a check that it adds up."""

from motcua.config.simulation.day import Day, DayPlan, simulate
from motcua.config.simulation.figures import Figures

__all__ = ["Day", "DayPlan", "Figures", "simulate"]
