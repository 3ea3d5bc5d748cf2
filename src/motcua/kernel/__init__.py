"""The ground every context stands on: accounts, audit, outbox and jobs, clock, refusals, web parts."""
