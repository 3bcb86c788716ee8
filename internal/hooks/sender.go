package hooks

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// maxAnswer is how many bytes of an endpoint's answer are kept.
const maxAnswer = 2 << 10

// sender sends messages.
type sender struct {
	client *http.Client
	now    func() time.Time
	agent  string
}

func newSender(c Config) *sender {
	return &sender{now: c.Now, agent: c.Agent, client: &http.Client{
		Timeout: c.Timeout,
		Transport: &http.Transport{
			Proxy:                  nil, // it would be asked to go where we may not
			DialContext:            dialer(c.Private),
			TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
			TLSHandshakeTimeout:    10 * time.Second,
			MaxResponseHeaderBytes: 32 << 10,
			MaxIdleConnsPerHost:    2,
			IdleConnTimeout:        time.Minute,
			ForceAttemptHTTP2:      true,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// attempt is what came of sending a message once.
type attempt struct {
	ok     bool
	status int           // 0: no answer
	gone   bool          // the endpoint wants no more
	asked  time.Duration // pause that it asked for
	answer string        // beginning of what it said
	fault  string        // a sentence; "" when ok
	at     time.Time
	took   time.Duration
}

// send sends a message once. It is taken when the answer is one of 200 to 299.
func (s *sender) send(ctx context.Context, h *stored, m *queued) attempt {
	a := attempt{at: s.now()}
	request, err := s.request(ctx, h, m, a.at)
	if err != nil {
		a.fault = err.Error()
		return a
	}
	began := time.Now()
	answer, err := s.client.Do(request)
	if err != nil {
		a.took, a.fault = time.Since(began), faultOf(err)
		return a
	}
	defer answer.Body.Close()
	// That the rest of an answer did not come changes nothing about what it said first.
	text, _ := io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
	a.took, a.status = time.Since(began), answer.StatusCode
	a.answer = strings.ToValidUTF8(cut(string(text)), "\uFFFD")
	a.ok = a.status >= 200 && a.status < 300
	a.gone = a.status == http.StatusGone
	a.asked = retryAfter(answer.Header, a.at)
	switch {
	case a.ok:
	case a.status >= 300 && a.status < 400:
		a.fault = fmt.Sprintf("The endpoint answered %d and pointed elsewhere, which is not followed: give its final address.", a.status)
	default:
		a.fault = fmt.Sprintf("The endpoint answered %s.", strings.TrimSpace(strconv.Itoa(a.status)+" "+http.StatusText(a.status)))
	}
	return a
}

func (s *sender) request(ctx context.Context, h *stored, m *queued, at time.Time) (*http.Request, error) {
	signature, err := h.signatures(m.id, at.UnixMilli(), m.body)
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, h.URL, bytes.NewReader(m.body))
	if err != nil {
		return nil, fmt.Errorf("hooks: request: %w", err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("User-Agent", s.agent)
	request.Header.Set("webhook-id", m.id)
	request.Header.Set("webhook-timestamp", strconv.FormatInt(at.Unix(), 10))
	request.Header.Set("webhook-signature", signature)
	return request, nil
}

// cut takes half a character off the end of a text that was cut.
func cut(text string) string {
	for i := 0; i < utf8.UTFMax && len(text) == maxAnswer-i && len(text) > 0; i++ {
		if r, size := utf8.DecodeLastRuneInString(text); r != utf8.RuneError || size > 1 {
			break
		}
		text = text[:len(text)-1]
	}
	return text
}

// faultOf says in a sentence why there was no answer.
func faultOf(err error) string {
	var name *net.DNSError
	var slow net.Error
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.Is(err, errPrivate):
		return "Not sent: " + errPrivate.Error() + "."
	case errors.As(err, &name):
		return "There is no server of that name: " + name.Name + "."
	case errors.As(err, &certificate):
		return "The certificate of the endpoint is not valid: " + certificate.Err.Error() + "."
	case errors.As(err, &slow) && slow.Timeout():
		return "The endpoint did not answer in time."
	}
	var op *net.OpError
	if errors.As(err, &op) {
		return "No connection to the endpoint: " + op.Err.Error() + "."
	}
	return "The message could not be sent: the connection ended early."
}
