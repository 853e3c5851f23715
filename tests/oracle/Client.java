import java.io.FileInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * Connects as a gadget's container does, and prints what the application gets to see of it.
 *
 * <p>Arguments: port, protocol, cipher suites with commas between them (or "-" for this Java's own), file of trusted
 * certificates in PEM, host.
 */
public class Client {
    public static void main(String[] arguments) throws Exception {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        try (FileInputStream file = new FileInputStream(arguments[3])) {
            int number = 0;
            for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(file)) {
                trusted.setCertificateEntry("trusted" + number++, each);
            }
        }
        TrustManagerFactory managers = TrustManagerFactory.getInstance("PKIX");
        managers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        Socket raw = new Socket();
        raw.connect(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), Integer.parseInt(arguments[0])), 10_000);
        raw.setSoTimeout(10_000);
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(raw, arguments[4], 443, true);
        socket.setEnabledProtocols(new String[] {arguments[1]});
        if (!arguments[2].equals("-")) {
            socket.setEnabledCipherSuites(arguments[2].split(","));
        }
        try {
            Certificate[] peer = socket.getSession().getPeerCertificates();
            System.out.println("accepted " + socket.getSession().getCipherSuite() + " " + peer.length);
            socket.close();
        } catch (SSLPeerUnverifiedException masked) {
            System.out.println(masked.getMessage());
        }
    }
}
