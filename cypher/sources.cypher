// title: Sources
// purpose: Every file that was loaded: how it was obtained, on which legal basis, and how many rows it gave.
// judul: Sumber
// tujuan: Setiap berkas yang dimuat: cara memperolehnya, dasar hukumnya, dan berapa baris yang diberikannya.
// category: provenance
// column: source: id of the source
// column: file: file name, without folders
// column: kind: kind of load, for example interactions or roster
// column: acquisition: method of acquisition
// column: acquired_by: person or unit that obtained the file
// column: legal_basis: legal basis of the processing
// column: terms_note: contract terms that bind the data
// column: terms_approved: who approved that a platform's terms allow roster and data in one store
// column: keep_until: last day of retention, ISO date
// column: loaded_at_ms: time of loading, UTC epoch milliseconds
// column: rows_taken: rows accepted
// column: rows_refused: rows in the quarantine file
// column: file_sha256: digest of the file's bytes
// innocent: Data collected around a suspicion shows that suspicion; see what was never collected.
// wajar: Data yang dikumpulkan di sekitar sebuah dugaan menunjukkan dugaan itu; lihat apa yang tidak pernah
//   dikumpulkan.
// example: graphwatch query sources

MATCH (s:Source)
RETURN s.id AS source, s.file AS file, s.kind AS kind, s.acquisition AS acquisition,
       s.acquired_by AS acquired_by, s.legal_basis AS legal_basis, s.terms_note AS terms_note,
       s.terms_approved AS terms_approved, s.keep_until AS keep_until, s.loaded_at_ms AS loaded_at_ms, s.rows_taken AS rows_taken,
       s.rows_refused AS rows_refused, s.file_sha256 AS file_sha256
ORDER BY loaded_at_ms, source
