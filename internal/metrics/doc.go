// Package metrics counts for Prometheus how the server keeps its promises.
//
// # Its types
//
//   - [Metrics]: counts and measures what it is told of, and serves it. Safe for
//     concurrent use.
//   - [Sources]: what is asked when somebody reads the metrics.
//   - [Watched]: a store whose calls are timed and whose errors are counted.
//
// # Laws
//
//  1. Every label has few values, however many people, devices, records and servers there
//     are, and none of them is a person's, a record's or a secret: types by their names, at
//     most [MostTypes] of them; routes by their class.
//  2. What it counts, it never holds up: a source that fails is left out of one reading,
//     counted, and logged.
//  3. What costs the store something to find out is found out at most once in
//     [Metrics.Every], however often somebody reads.
//  4. Every name is in deploy/grafana, in deploy/prometheus or in docs/operations.md; a test
//     holds those to what is served.
package metrics
