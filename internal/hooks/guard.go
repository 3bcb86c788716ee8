package hooks

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"syscall"
	"time"
)

// closed lists networks that are not the internet's, besides those that netip knows.
var closed = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),       // this network
	netip.MustParsePrefix("100.64.0.0/10"),   // carriers' own
	netip.MustParsePrefix("192.0.0.0/24"),    // protocols' own
	netip.MustParsePrefix("192.0.2.0/24"),    // documentation
	netip.MustParsePrefix("192.88.99.0/24"),  // relays to version 6
	netip.MustParsePrefix("198.18.0.0/15"),   // benchmarks
	netip.MustParsePrefix("198.51.100.0/24"), // documentation
	netip.MustParsePrefix("203.0.113.0/24"),  // documentation
	netip.MustParsePrefix("240.0.0.0/4"),     // reserved, and broadcast
	netip.MustParsePrefix("64:ff9b::/96"),    // version 4 inside version 6
	netip.MustParsePrefix("64:ff9b:1::/48"),  // the same, local
	netip.MustParsePrefix("100::/64"),        // discarded
	netip.MustParsePrefix("2001::/23"),       // protocols' own, Teredo
	netip.MustParsePrefix("2001:db8::/32"),   // documentation
	netip.MustParsePrefix("2002::/16"),       // version 4 inside version 6
	netip.MustParsePrefix("fec0::/10"),       // site-local
}

// isPublic reports whether an address is one of the internet's. A version 4 address
// inside a version 6 one counts as itself.
func isPublic(addr netip.Addr) bool {
	addr = addr.Unmap().WithZone("")
	if !addr.IsGlobalUnicast() || addr.IsPrivate() {
		return false
	}
	for _, network := range closed {
		if network.Contains(addr) {
			return false
		}
	}
	// Global unicast addresses of version 6 all begin with 2 or 3 so far.
	return addr.Is4() || netip.MustParsePrefix("2000::/3").Contains(addr)
}

// errPrivate is why a connection was not made.
var errPrivate = errors.New("the name leads to an address of this machine or of a private network, which the settings do not allow")

// dialer makes connections to public addresses, and to others while private says so. It
// looks at the very address that is being connected to, after names were resolved.
func dialer(private func() bool) func(ctx context.Context, network, address string) (net.Conn, error) {
	d := &net.Dialer{
		Timeout: 10 * time.Second,
		Control: func(network, address string, _ syscall.RawConn) error {
			to, err := netip.ParseAddrPort(address)
			if err != nil || network != "tcp4" && network != "tcp6" {
				return fmt.Errorf("%s %s is no address to send to", network, address)
			}
			if !isPublic(to.Addr()) && !private() {
				return errPrivate
			}
			return nil
		},
	}
	return d.DialContext
}
