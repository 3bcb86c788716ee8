package hooks

import (
	"net/http"
	"net/netip"
	"testing"
	"time"
)

// TestIsPublic knows the networks that are not the internet's.
func TestIsPublic(t *testing.T) {
	for text, want := range map[string]bool{
		"93.184.216.34": true, "1.1.1.1": true, "2606:4700:4700::1111": true, "172.32.0.1": true, "100.128.0.1": true,
		"127.0.0.1": false, "127.9.9.9": false, "0.0.0.0": false, "10.1.2.3": false, "172.16.0.1": false, "192.168.1.1": false,
		"169.254.169.254": false, "100.64.0.1": false, "198.18.0.1": false, "224.0.0.1": false, "255.255.255.255": false, "240.0.0.1": false,
		"192.0.0.8": false, "::": false, "::1": false, "::ffff:127.0.0.1": false, "::ffff:10.0.0.1": false, "::127.0.0.1": false,
		"64:ff9b::7f00:1": false, "2002:7f00:1::": false, "fc00::1": false, "fd12::1": false, "fe80::1": false, "fe80::1%eth0": false,
		"ff02::1": false, "2001::1": false, "fec0::1": false, "4000::1": false,
	} {
		if got := isPublic(netip.MustParseAddr(text)); got != want {
			t.Errorf("%s is public: %v, want %v", text, got, want)
		}
	}
}

// TestCheckURL says what is wrong with an address.
func TestCheckURL(t *testing.T) {
	for text, want := range map[string]bool{
		"https://example.com/hook?x=1": true, "http://example.com": true,
		"": false, "example.com": false, "ftp://example.com": false, "https://": false, "https://me:secret@example.com": false,
		"https://example.com/#x": false, "http://127.0.0.1/": false, "http://localhost:99": false, "javascript:alert(1)": false, "http://[::1]:80/": false,
	} {
		if err := checkURL(text, false); (err == nil) != want {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// TestPause grows, keeps to its bounds, and honours what an endpoint asks for.
func TestPause(t *testing.T) {
	s := Schedule{}.withDefaults()
	last := time.Duration(0)
	for n := 1; n < 100; n++ {
		least, most := s.pause(n, 0, 0), s.pause(n, 0, 1)
		if least < s.First/2 || most > s.Most || least > most || most < last {
			t.Fatalf("after %d failures: %v to %v, before it %v", n, least, most, last)
		}
		last = most
	}
	if last != s.Most {
		t.Errorf("it ends at %v", last)
	}
	if got := s.pause(1, 2*time.Hour, 0.5); got != 2*time.Hour {
		t.Errorf("asked for two hours: %v", got)
	}
	if got := s.pause(1, 1000*time.Hour, 0.5); got != longestAsked {
		t.Errorf("asked for too much: %v", got)
	}
}

// TestRetryAfter reads seconds and dates.
func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for text, want := range map[string]time.Duration{
		"": 0, "7": 7 * time.Second, "-1": 0, "soon": 0, "99999999999": longestAsked,
		"Fri, 02 Jan 2026 03:05:05 GMT": time.Minute, "Fri, 02 Jan 2026 03:00:05 GMT": 0,
	} {
		if got := retryAfter(http.Header{"Retry-After": {text}}, now); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}
