def test_a_calendar_is_loaded_shown_and_queried(run, tmp_path):
    store = tmp_path / "s.gw"
    assert run("calendar", "show", "--store", store).status == 2
    loaded = run("calendar", "load", "--store", store)
    assert (loaded.status, "8 phases" in loaded.err) == (0, True)
    assert "kampanye          2024-09-25  2024-11-23" in run("calendar", "show", "--store", store).out
    assert run("query", "phases", "--store", store, "--csv").out.count("pilkada-2024,") == 8


def test_provisions_show_both_sides_of_determination(run, tmp_path):
    done = run("provisions", "--kind", "liked", "--at", "22 September 2024", "--csv", "--store", tmp_path / "s.gw")
    assert done.status == 0
    assert done.out.count("needs study") == 2
    assert "bukan putusan" in done.err


def test_an_overlap_names_both_phases_and_loads_nothing(run, tmp_path):
    path = tmp_path / "c.toml"
    rows = [f'[[phases]]\nname = "{n}"\nfirst_day = 2024-09-01\nlast_day = 2024-09-02\n' for n in ("a", "b")]
    path.write_text('id = "c"\n' + "".join(rows), encoding="utf-8")
    done = run("calendar", "load", path, "--store", tmp_path / "s.gw")
    assert done.status == 1
    assert "'a'" in done.err
    assert "'b'" in done.err
    assert not (tmp_path / "s.gw").exists()


def test_an_empty_calendar_is_made_and_says_what_is_missing_until_it_is_filled(run, tmp_path):
    path, store = tmp_path / "pilkada-kota.toml", tmp_path / "s.gw"
    made = run("calendar", "new", path, "--title", "Pilkada Kota")
    assert (made.status, "phases without days" in made.err) == (0, True)
    assert run("calendar", "new", path).status == 2
    unfilled = run("calendar", "load", path, "--store", store)
    assert unfilled.status == 1
    assert "first_day of phase 'pra_penetapan' has no day yet" in unfilled.err
    text = path.read_text(encoding="utf-8")
    for number in range(1, 9):
        for key in ("first_day", "last_day"):
            text = text.replace(f'{key} = ""', f"{key} = 2031-01-{number:02}", 1)
    path.write_text(text, encoding="utf-8")
    assert "8 phases" in run("calendar", "load", path, "--store", store).err
    assert "2031-01-05" in run("calendar", "show", "--store", store).out
