import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** Prints, for each host that is named, the ClientHello that this Java sends when it is asked for it, in hexadecimal. */
public class Hello {
    public static void main(String[] hosts) throws Exception {
        for (String host : hosts) {
            System.out.println(host + " " + hello(host));
        }
    }

    private static String hello(String host) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Socket raw = new Socket(InetAddress.getLoopbackAddress(), server.getLocalPort());
            try (Socket accepted = server.accept()) {
                SSLSocket socket = (SSLSocket)
                        ((SSLSocketFactory) SSLSocketFactory.getDefault()).createSocket(raw, host, 443, true);
                Thread client = new Thread(() -> {
                    try {
                        socket.startHandshake();
                    } catch (IOException expected) {
                        // nobody answers
                    }
                });
                client.start();
                byte[] header = accepted.getInputStream().readNBytes(5);
                int length = (header[3] & 0xff) << 8 | header[4] & 0xff;
                ByteArrayOutputStream all = new ByteArrayOutputStream();
                all.write(header);
                all.write(accepted.getInputStream().readNBytes(length));
                raw.close();
                client.join();
                StringBuilder hex = new StringBuilder();
                for (byte each : all.toByteArray()) {
                    hex.append(String.format("%02x", each));
                }
                return hex.toString();
            }
        }
    }
}
