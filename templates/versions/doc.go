// Package versions has the pages on which a draft is published and published versions
// are looked at: what publishing changes and whom it touches, the versions of a type,
// one beside another, one as a draft again.
package versions
