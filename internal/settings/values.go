package settings

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/fieldstack/fieldstack/collections"
)

// Values are the settings. The zero value is how a new server is.
type Values struct {
	Name         string `json:"name,omitempty"`         // of the server, shown on pages and in the app; "": none
	Language     string `json:"language,omitempty"`     // of pages for who has chosen none; "": that of their browser
	PrivateHooks bool   `json:"privateHooks,omitempty"` // webhooks may call addresses of this machine and private networks
	BackupAt     string `json:"backupAt,omitempty"`     // time of day, UTC, HH:MM, of a daily backup; "": none
	BackupKeep   int    `json:"backupKeep,omitempty"`   // how many of those are kept; 0: DefaultKeep
}

// DefaultKeep is how many daily backups are kept where nobody said.
const DefaultKeep = 7

// Kept is how many daily backups are kept.
func (v Values) Kept() int {
	if v.BackupKeep == 0 {
		return DefaultKeep
	}
	return v.BackupKeep
}

const (
	maxName = 60
	maxKeep = 365
)

var timeOfDay = regexp.MustCompile(`^([01]\d|2[0-3]):[0-5]\d$`)

// check says what is wrong with settings, by the names of their JSON members.
func (v *Values) check(languages []string) error {
	v.Name = strings.TrimSpace(v.Name)
	if utf8.RuneCountInString(v.Name) > maxName || strings.ContainsFunc(v.Name, unicode.IsControl) {
		return collections.Errorf(collections.Invalid, "name", "A server's name is one line of at most %d characters.", maxName)
	}
	if v.Language != "" && !contains(languages, v.Language) {
		return collections.Errorf(collections.Invalid, "language", "There is no language %q here.", v.Language)
	}
	if v.BackupAt != "" && !timeOfDay.MatchString(v.BackupAt) {
		return collections.Errorf(collections.Invalid, "backupAt", "Give a time of day such as 03:30, or leave it empty for no daily backup.")
	}
	if v.BackupKeep < 0 || v.BackupKeep > maxKeep {
		return collections.Errorf(collections.Invalid, "backupKeep", "Keep 1 to %d daily backups.", maxKeep)
	}
	return nil
}

func contains(list []string, s string) bool {
	for _, one := range list {
		if one == s {
			return true
		}
	}
	return false
}

// merge does to v what turned from into to; clash is the member that both changed.
func (v *Values) merge(from, to Values) (clash string) {
	for _, field := range []struct {
		name             string
		mine, was, agree bool // changed by the author; it is as the author saw it; it is so already
		set              func()
	}{
		{"name", from.Name != to.Name, v.Name == from.Name, v.Name == to.Name, func() { v.Name = to.Name }},
		{"language", from.Language != to.Language, v.Language == from.Language, v.Language == to.Language, func() { v.Language = to.Language }},
		{"privateHooks", from.PrivateHooks != to.PrivateHooks, v.PrivateHooks == from.PrivateHooks, v.PrivateHooks == to.PrivateHooks, func() { v.PrivateHooks = to.PrivateHooks }},
		{"backupAt", from.BackupAt != to.BackupAt, v.BackupAt == from.BackupAt, v.BackupAt == to.BackupAt, func() { v.BackupAt = to.BackupAt }},
		{"backupKeep", from.BackupKeep != to.BackupKeep, v.BackupKeep == from.BackupKeep, v.BackupKeep == to.BackupKeep, func() { v.BackupKeep = to.BackupKeep }},
	} {
		if !field.mine || field.agree {
			continue
		}
		if !field.was {
			return field.name
		}
		field.set()
	}
	return ""
}
