// title: Phases
// purpose: The phases of the loaded election calendars, with their days in Asia/Jakarta and where they are from.
// judul: Tahapan
// tujuan: Tahapan dari kalender pemilihan yang dimuat, beserta harinya dan sumbernya.
// category: time
// column: calendar: id of the calendar
// column: phase: name of the phase
// column: first_day: first day, ISO date
// column: last_day: last day, ISO date
// column: from_ms: beginning of the first day, UTC epoch milliseconds
// column: to_ms: end of the last day, exclusive, UTC epoch milliseconds
// column: citation: where the dates are from
// column: note: what sources disagree about
// innocent: Dates are as the calendar was loaded; a region may have decided on others.
// wajar: Tanggalnya seperti kalender yang dimuat; daerah dapat menetapkan tanggal lain.
// example: graphwatch query phases

MATCH (p:Phase)
RETURN p.calendar AS calendar, p.name AS phase, p.first_day AS first_day, p.last_day AS last_day,
       p.from_ms AS from_ms, p.to_ms AS to_ms, p.citation AS citation, p.note AS note
ORDER BY calendar, from_ms, to_ms, phase
