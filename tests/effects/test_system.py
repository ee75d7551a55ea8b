"""Accounts, locales, alternatives, services."""

from __future__ import annotations

from tests.effects.saying import effects_of, run, said


def test_capabilities_are_noted() -> None:
    assert effects_of("setcap cap_net_raw+ep /x").capabilities
    assert not effects_of("chmod +x /x").capabilities


def test_the_home_of_an_account_is_remembered_across_runs() -> None:
    _, after = run("useradd -d /srv/app app")
    found, _ = run("echo x > ~/f; cd; touch g", user="app", before=after)
    assert said(found[0].effects)["writes"] == {"output! /srv/app/f"}
    assert said(found[2].effects)["writes"] == {"edit! /srv/app/g"}


def test_a_home_is_only_written_where_it_is_made() -> None:
    made = {str(write.place) for write in effects_of("useradd -m u").writes}
    plain = {str(write.place) for write in effects_of("useradd u").writes}
    assert "/home/u/**" in made
    assert "/home/u/**" not in plain
