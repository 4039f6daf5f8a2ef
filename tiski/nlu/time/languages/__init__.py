"""One file per language; each defines LANGUAGE. A file whose name begins with '_' only helps one.

The tags that phrases may carry, with what their value is:

    number            int; a number word as it stands alone ("kolme", "three")
    number_gen        int; genitive, waits for a word after it ("kolmen" aikaan)
    number_part       int; partitive ("kolmea")
    number_at         int; says "at that hour" by itself ("kolmelta")
    number_from       int; "kolmesta"
    number_to         int; "kolmeen"
    ordinal           int; "third", "kolmas", "kolmantena"
    ordinal_suffix    None; "th" in 24th
    clock             Clock; "noon"
    at                None; what comes is a clock time ("klo", "at")
    oclock            None; what came was an hour
    ampm              "am" or "pm"
    half_before       None; half an hour before the next number ("puoli neljä")
    half_after        None; half an hour after it ("half two")
    quarter           None; 15 minutes
    past, till        None; minutes past or to the hour ("yli", "vaille")
    about_pre, about_post           None; "noin", "maissa"
    after_pre, after_post           None; "after", "jälkeen"
    before_pre                      None; "before"
    until_pre, until_post           None; "by", "mennessä": days count in
    from_pre, from_post             None; "from", "alkaen"
    between_pre, between_post       None; "between", "välillä"
    and, or, to                     None; "to" joins the ends of a range
    day               a Day of `meanings.py`; "huomenna", "christmas eve"
    part              Part; "aamupäivällä"
    now               None
    now_doubtful      None; mostly means nothing ("nyt")
    happened          None; the day named after it is past ("tilasin")
    weekday           int, Monday 0
    weekday_short     int; short for one, certain only where the language is certain ("ti")
    weekday_doubtful  int; is mostly another word ("la", "sat"): needs a date or time beside it
    weekday_from      int; "torstailta": counts as weekday, left out where something is moved
    month             int; month_in: int, "in that month" by itself
    this, next, last  None; before a week, weekday, month or part of day
    over_next         None; "the week after"
    week, weekend, month_unit       None; the words, case left open
    week_of           None; the word that a number follows or precedes only ("vko")
    day_word          None; "24. päivä"
    the               None; article, swallowed
    of                None; between the pieces of one date
    a                 1; a number only before a unit
    couple            int; "pari"
    unit              (count, unit) of minutes, days, weeks, months or years: "tunnin" (60, "minutes")
    units             the same in the plural, which needs an amount: "days"
    wish              None; "good", "hyvää": a part of day after it is a greeting
    in_pre, in_post   None; "in" two weeks, kahden viikon "päästä"
    ago               None
    start_of, middle_of, end_of     None
    filler            None; may stand between the pieces of one expression
    not_pre, not_post None; what comes or came is not wanted ("ei", "ei käy")
    cannot            None; a weaker no: "en pääse"
    instead           None; what came (instead_pre: what comes) is replaced
    correct           None; what comes replaces what came ("eiku", "i mean")
    move              None; something is moved, so that "from X to Y" means Y
    habit             None; "lauantaisin": not one day
    answer            None; may stand around a bare number that answers a question ("kiitos")
"""
