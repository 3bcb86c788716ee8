// Package records is the components of the pages in which people work with records.
package records
