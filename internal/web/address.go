package web

import (
	"net/netip"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// Address is where a request came from: the peer, or behind trusted proxies the
// right-most hop that is not one of them. What stands further left in
// X-Forwarded-For anybody may have written.
func Address(c *fiber.Ctx) netip.Addr {
	s := state(c).server
	at := peer(c)
	hops := forwarded(c, fiber.HeaderXForwardedFor)
	for i := len(hops) - 1; i >= 0 && s.trusts(at); i-- {
		hop, err := netip.ParseAddr(hops[i])
		if err != nil {
			break
		}
		at = hop.Unmap()
	}
	return at
}

// Secure reports whether the browser speaks TLS, to us or to a trusted proxy.
func Secure(c *fiber.Ctx) bool {
	if c.Context().IsTLS() {
		return true
	}
	if !state(c).server.trusts(peer(c)) {
		return false
	}
	protos := forwarded(c, fiber.HeaderXForwardedProto)
	return len(protos) > 0 && protos[len(protos)-1] == "https"
}

// Base is the address that the browser reaches us by, without a path: a proxy before us
// must pass the header Host on.
func Base(c *fiber.Ctx) string {
	scheme := "http://"
	if Secure(c) {
		scheme = "https://"
	}
	return scheme + string(c.Request().Host())
}

// Near reports whether that address is one by which only this machine reaches us.
func Near(c *fiber.Ctx) bool {
	u, err := url.Parse(Base(c))
	if err != nil {
		return false
	}
	host := u.Hostname()
	at, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && at.IsLoopback()
}

func peer(c *fiber.Ctx) netip.Addr {
	a, err := netip.ParseAddrPort(c.Context().RemoteAddr().String())
	if err != nil {
		return netip.Addr{}
	}
	return a.Addr().Unmap()
}

func (s *Server) trusts(a netip.Addr) bool {
	for _, p := range s.config.TrustedProxies {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// forwarded gives the list a header holds, over all its lines.
func forwarded(c *fiber.Ctx, header string) []string {
	var list []string
	for _, line := range c.Request().Header.PeekAll(header) {
		for part := range strings.SplitSeq(string(line), ",") {
			list = append(list, strings.TrimSpace(part))
		}
	}
	return list
}
