from django.db import migrations

from deals.retros.tree import plant


def plant_tree(apps, schema_editor):
    plant(apps.get_model("retros", "Driver").objects.using(schema_editor.connection.alias))


class Migration(migrations.Migration):
    dependencies = [("retros", "0001_initial")]

    operations = [migrations.RunPython(plant_tree, migrations.RunPython.noop)]
