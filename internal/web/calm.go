package web

import (
	"crypto/tls"
	"net"
	"time"
)

// calmListener gives connections whose deadlines can be set on a closed one too.
//
// fasthttp takes it for a bug of its own, and panics where nobody can recover, when it
// cannot set a deadline. But a stream that fails closes its connection, and it may do
// so before fasthttp has begun to write the answer. What is done next on the closed
// connection fails in its turn, and that fasthttp takes as it should.
type calmListener struct{ net.Listener }

// Accept implements net.Listener.
func (l calmListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	if secure, ok := conn.(*tls.Conn); ok {
		return calmTLS{calmConn{conn}, secure}, nil
	}
	return calmConn{conn}, nil
}

type calmConn struct{ net.Conn }

// SetDeadline and its like always succeed.
func (c calmConn) SetDeadline(t time.Time) error {
	_ = c.Conn.SetDeadline(t)
	return nil
}

// SetReadDeadline implements net.Conn.
func (c calmConn) SetReadDeadline(t time.Time) error {
	_ = c.Conn.SetReadDeadline(t)
	return nil
}

// SetWriteDeadline implements net.Conn.
func (c calmConn) SetWriteDeadline(t time.Time) error {
	_ = c.Conn.SetWriteDeadline(t)
	return nil
}

// calmTLS is a calmConn by which fasthttp still knows that it is a secure one.
type calmTLS struct {
	calmConn
	secure *tls.Conn
}

// Handshake and ConnectionState are those of the secure connection.
func (c calmTLS) Handshake() error { return c.secure.Handshake() }

// ConnectionState implements what fasthttp looks for.
func (c calmTLS) ConnectionState() tls.ConnectionState { return c.secure.ConnectionState() }
