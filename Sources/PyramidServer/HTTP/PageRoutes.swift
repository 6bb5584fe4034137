import HTTPTypes
import Hummingbird

/// The page at `/`.
struct PageRoutes {
    func add(to router: Router<BasicRequestContext>) {
        router.get("/") { _, _ in
            Response(
                status: .ok,
                headers: [
                    .contentType: "text/html; charset=utf-8",
                    // It loads nothing but itself and speaks to nobody but this server.
                    .contentSecurityPolicy:
                        "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
                        + "connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'",
                    .xContentTypeOptions: "nosniff",
                ],
                body: ResponseBody(byteBuffer: ByteBuffer(bytes: PackageResources.page_html)))
        }
    }
}
