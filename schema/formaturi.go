package schema

import (
	"regexp"
	"strings"
)

// RFC 3986, appendix A, said with the five parts of appendix B.
var (
	uriParts      = regexp.MustCompile(`^(?:([^:/?#]+):)?(?://([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$`)
	schemeForm    = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*$`)
	pathForm      = regexp.MustCompile(`^([A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*$`)
	queryForm     = regexp.MustCompile(`^([A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*$`)
	authorityForm = regexp.MustCompile(`^(?:([A-Za-z0-9._~!$&'()*+,;=:-]|%[0-9A-Fa-f]{2})*@)?(\[[^\[\]]*\]|([A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*)(:[0-9]*)?$`)
	futureIP      = regexp.MustCompile(`^[Vv][0-9A-Fa-f]+\.[A-Za-z0-9._~!$&'()*+,;=:-]+$`)
)

// isURI is URI of RFC 3986: it has a scheme.
func isURI(s string) bool {
	parts := uriParts.FindStringSubmatch(s)
	return parts != nil && parts[1] != "" && isURIReference(s)
}

// isURIReference is URI-reference of RFC 3986.
func isURIReference(s string) bool {
	parts := uriParts.FindStringSubmatch(s)
	if parts == nil || strings.ContainsAny(s, "\n\r") {
		return false
	}
	scheme, authority, path := parts[1], parts[2], parts[3]
	if scheme != "" && !schemeForm.MatchString(scheme) {
		return false
	}
	if scheme == "" && strings.HasPrefix(s, ":") {
		return false
	}
	return isAuthority(authority) && pathForm.MatchString(path) &&
		queryForm.MatchString(parts[4]) && queryForm.MatchString(parts[5])
}

func isAuthority(s string) bool {
	parts := authorityForm.FindStringSubmatch(s)
	if parts == nil {
		return false
	}
	address, ok := strings.CutPrefix(parts[2], "[")
	if !ok {
		return true
	}
	address = strings.TrimSuffix(address, "]")
	return isIPv6(address) || futureIP.MatchString(address)
}
