"""What uvicorn serves."""

from django.core.asgi import get_asgi_application

from dashboard.pages.streaming import Streaming

application = Streaming(get_asgi_application())
