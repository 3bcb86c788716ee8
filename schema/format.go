package schema

import (
	"net/netip"
	"regexp"
	"strings"
	"time"
)

// formats are the formats that a type may use, each asserted. They are written out
// here, by the RFCs that JSON Schema names, because the two validators read them
// differently and so would server and device; testdata/formats.json has the cases
// that decide, for every implementation to pass.
var formats = map[string]func(string) bool{
	"date":          isDate,
	"time":          isTime,
	"date-time":     isDateTime,
	"duration":      isDuration,
	"email":         isEmail,
	"hostname":      isHostname,
	"ipv4":          isIPv4,
	"ipv6":          isIPv6,
	"uri":           isURI,
	"uri-reference": isURIReference,
	"uuid":          uuidForm.MatchString,
	"json-pointer":  pointerForm.MatchString,
}

var (
	dateForm     = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`)
	timeForm     = regexp.MustCompile(`^([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\.[0-9]+)?([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$`)
	durationForm = regexp.MustCompile(`^P([0-9]+W|([0-9]+Y([0-9]+M([0-9]+D)?)?|[0-9]+M([0-9]+D)?|[0-9]+D)(T([0-9]+H([0-9]+M([0-9]+S)?)?|[0-9]+M([0-9]+S)?|[0-9]+S))?|T([0-9]+H([0-9]+M([0-9]+S)?)?|[0-9]+M([0-9]+S)?|[0-9]+S))$`)
	hostForm     = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$`)
	atomForm     = regexp.MustCompile("^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$")
	quotedForm   = regexp.MustCompile(`^"([\x20-\x21\x23-\x5b\x5d-\x7e]|\\[\x20-\x7e])*"$`)
	uuidForm     = regexp.MustCompile(`^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$`)
	pointerForm  = regexp.MustCompile(`^(/([^~/]|~[01])*)*$`)
)

// isDate is full-date of RFC 3339: a day there was or will be.
func isDate(s string) bool {
	if !dateForm.MatchString(s) {
		return false
	}
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

// isTime is full-time of RFC 3339. A leap second is only ever the last of a UTC day.
func isTime(s string) bool {
	if !timeForm.MatchString(s) {
		return false
	}
	if s[6:8] != "60" {
		return true
	}
	minute := 60*digits(s[0:2]) + digits(s[3:5])
	if zone := s[len(s)-6:]; zone[0] == '+' || zone[0] == '-' {
		offset := 60*digits(zone[1:3]) + digits(zone[4:6])
		if zone[0] == '+' {
			offset = -offset
		}
		minute = (minute + offset + 24*60) % (24 * 60)
	}
	return minute == 24*60-1
}

// digits reads two decimal digits.
func digits(s string) int { return 10*int(s[0]-'0') + int(s[1]-'0') }

// isDateTime is date-time of RFC 3339, with "T" between.
func isDateTime(s string) bool {
	return len(s) > 10 && (s[10] == 'T' || s[10] == 't') && isDate(s[:10]) && isTime(s[11:])
}

// isDuration is appendix A of RFC 3339.
func isDuration(s string) bool { return durationForm.MatchString(s) }

// isHostname is a name of RFC 1123: labels of at most 63, 253 in all, no dot at the end.
func isHostname(s string) bool { return len(s) <= 253 && hostForm.MatchString(s) }

// isEmail is Mailbox of RFC 5321 in ASCII.
func isEmail(s string) bool {
	at := strings.LastIndexByte(s, '@')
	if at < 0 || at > 64 {
		return false
	}
	name, host := s[:at], s[at+1:]
	if !atomForm.MatchString(name) && !quotedForm.MatchString(name) {
		return false
	}
	if address, ok := strings.CutPrefix(host, "["); ok && strings.HasSuffix(address, "]") {
		address = address[:len(address)-1]
		if len(address) > 5 && strings.EqualFold(address[:5], "IPv6:") {
			return isIPv6(address[5:])
		}
		return isIPv4(address)
	}
	return isHostname(host)
}

// isIPv4 is dotted-quad of RFC 2673, with no leading zeros.
func isIPv4(s string) bool {
	a, err := netip.ParseAddr(s)
	return err == nil && a.Is4()
}

// isIPv6 is RFC 4291, section 2.2, with no zone.
func isIPv6(s string) bool {
	a, err := netip.ParseAddr(s)
	return err == nil && a.Is6() && a.Zone() == ""
}
