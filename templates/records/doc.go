// Package records is the components of the pages in which people work with records: the
// grid, one record and its timeline, the trash, what needs attention, the printed sheet.
package records
