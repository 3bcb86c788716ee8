// Package sheets reads and writes tables as people have them: CSV, XLSX and JSON.
//
// # Its types
//
//   - [Book]: a file of one or more tables, opened with [Open], which finds out what
//     kind of file it is by what is in it, not by its name.
//   - [Table]: one table of it: named columns, and rows that are read one at a time.
//   - [Cell]: what stands in one place: its text, and what kind of value it is.
//   - [Writer]: writes a table row by row, made with [NewWriter].
//   - [Error]: what is wrong with a file, with the line and column where it is.
//
// # Laws
//
//  1. A table that is written and read again has the same cells: every text comes back
//     as it was, whatever it begins with and whatever is in it. Two things a format has
//     no room for are told instead: XLSX cells hold at most 32,767 characters, and the
//     cells of JSON that are empty are absent.
//  2. No cell that is a text is ever run as a formula by the program that opens the
//     file: see formula.go for CSV; XLSX has texts written as texts.
//  3. Reading is bounded in bytes, rows, columns and the size of a cell ([Limits]), and
//     in memory by one row and, for XLSX, its list of texts. Writing is flat.
//  4. Nothing is passed over: a row with more cells than there are columns, a cell with
//     text after its closing quote, a formula's error value are faults of their row; a
//     file that is cut off is an error, never a shorter table.
//
// # Caveats
//
// XLSX is read and written by code of our own. The streaming reader of excelize gives
// texts only, so that a text of digits is not told from a number nor a date from either,
// and it takes a damaged sheet for one that ends there; its streaming writer loses
// control characters, cuts long texts without a word, and keeps the whole file until the
// end. The tests hold both of ours against excelize, as another program that reads and
// writes such files.
//
// Formulas are not worked out: a cell has the value that was saved with it.
package sheets
